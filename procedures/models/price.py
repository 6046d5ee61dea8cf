"""What the department's units charge for services of their own (giá dịch vụ); not a phí or lệ phí."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from portal.fields import CharField, TextField
from portal.models import Unit
from portal.text import fold
from procedures.models.legal_document import LegalDocument
from procedures.querysets import ValidQuerySet


class ServicePrice(models.Model):
    """The price of a service in VND, dated: a new price is a new row, so that old ones stay known."""

    class Vat(models.TextChoices):
        INCLUDED = "included", "Đã gồm thuế GTGT"
        EXCLUDED = "excluded", "Chưa gồm thuế GTGT"
        NONE = "none", "Không chịu thuế GTGT"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị cung cấp", related_name="prices")
    name = CharField("tên dịch vụ", max_length=300)
    measure = CharField("đơn vị tính", max_length=60, help_text="Ví dụ: mẫu, thiết bị, giờ")
    amount = models.PositiveBigIntegerField("giá (đồng)")
    vat = models.CharField("thuế GTGT", max_length=10, choices=Vat)
    document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, verbose_name="văn bản quy định", related_name="prices"
    )
    note = TextField("ghi chú", blank=True)
    valid_from = models.DateField("áp dụng từ")
    valid_to = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    # Derived on save: a database need not know that Đ comes after D.
    sort_key = models.CharField(max_length=300, editable=False, default="", db_index=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "giá dịch vụ"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                name="price_above_nought",
                condition=Q(amount__gt=0),
                violation_error_message="Giá phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                name="price_valid_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết áp dụng không được trước ngày áp dụng.",
            ),
            models.UniqueConstraint(
                fields=["unit", "name", "measure", "valid_from"],
                name="price_once_a_day",
                violation_error_message="Dịch vụ này của đơn vị đã có giá áp dụng từ cùng ngày.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = fold(self.name)
        if update_fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*update_fields, "sort_key"}
        super().save(*args, **kwargs)

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)

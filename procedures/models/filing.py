"""How to file, what it costs, and the papers that a procedure asks for and rests on."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from portal.fields import CharField, TextField, URLField
from procedures.models.legal_document import LegalDocument
from procedures.models.procedure import Procedure
from procedures.querysets import FeeQuerySet


class SubmissionMethod(models.Model):
    """A cách thức thực hiện: by which channel to file, and how long it then takes."""

    class Channel(models.TextChoices):
        ONLINE = "online", "Trực tuyến"
        POSTAL = "postal", "Bưu chính"
        DIRECT = "direct", "Trực tiếp"

    class TimeUnit(models.TextChoices):
        WORKING_DAY = "working_day", "ngày làm việc"
        DAY = "day", "ngày"
        HOUR = "hour", "giờ"
        MONTH = "month", "tháng"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="methods")
    channel = models.CharField("cách nộp", max_length=10, choices=Channel)
    time_limit = models.DecimalField("thời hạn", max_digits=7, decimal_places=2, null=True, blank=True)
    time_unit = models.CharField("đơn vị thời hạn", max_length=12, choices=TimeUnit, blank=True)
    time_text = TextField("thời hạn bằng chữ", blank=True, help_text="Khi thời hạn không ghi được bằng một con số.")
    description = TextField("mô tả", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "cách thức thực hiện"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="method_time_limit_with_unit",
                # "> 0" alone is neither true nor false of nothing, and a check lets that pass.
                condition=Q(time_limit=None, time_unit="")
                | (Q(time_limit__isnull=False, time_limit__gt=0) & ~Q(time_unit="")),
                violation_error_message="Thời hạn là một số lớn hơn 0 kèm đơn vị, hoặc để trống cả hai.",
            )
        ]

    def __str__(self) -> str:
        return self.get_channel_display()


class Fee(models.Model):
    """A phí or lệ phí, dated. No row at all means that nothing is known, which is not "free"."""

    class Kind(models.TextChoices):
        FEE = "fee", "Phí"
        CHARGE = "charge", "Lệ phí"

    class State(models.TextChoices):
        AMOUNT = "amount", "Có mức thu"
        FREE = "free", "Không thu"
        UNKNOWN = "unknown", "Chưa có thông tin"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="fees")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.FEE)
    state = models.CharField("mức thu", max_length=10, choices=State, default=State.AMOUNT)
    amount = models.PositiveBigIntegerField("số tiền (đồng)", null=True, blank=True)
    note = TextField("ghi chú", blank=True, help_text="Thu cho việc gì, trường hợp nào; hoặc quy định về mức thu.")
    channel = models.CharField(
        "cách nộp",
        max_length=10,
        choices=SubmissionMethod.Channel,
        blank=True,
        help_text="Để trống khi mức thu như nhau với mọi cách nộp.",
    )
    valid_from = models.DateField("áp dụng từ", null=True, blank=True)
    valid_to = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = FeeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phí, lệ phí"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fee_amount_with_state",
                condition=Q(state="amount", amount__isnull=False, amount__gt=0) | (~Q(state="amount") & Q(amount=None)),
                violation_error_message="Ghi số tiền lớn hơn 0 khi có mức thu; để trống khi không thu hoặc chưa rõ.",
            ),
            models.CheckConstraint(
                name="fee_valid_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết áp dụng không được trước ngày áp dụng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount or self.get_state_display()}"

    def is_valid(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or self.valid_to >= on)


class FormFile(models.Model):
    """A mẫu đơn, tờ khai: a file here, or where the national database keeps it."""

    name = CharField("tên mẫu", max_length=300)
    file = models.FileField("tệp", upload_to="mau-don/", max_length=300, blank=True)
    url = URLField("địa chỉ tải", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu đơn, tờ khai"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DossierCase(models.Model):
    """A case in which other papers are asked for."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="cases")
    name = TextField("trường hợp")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "trường hợp nộp hồ sơ"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class DossierItem(models.Model):
    """A paper of the dossier, asked for in one case or, without one, always."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="items")
    case = models.ForeignKey(
        DossierCase, models.CASCADE, null=True, blank=True, verbose_name="trường hợp", related_name="items"
    )
    name = TextField("tên giấy tờ")
    originals = models.PositiveSmallIntegerField("bản chính", null=True, blank=True)
    copies = models.PositiveSmallIntegerField("bản sao", null=True, blank=True)
    form = models.ForeignKey(
        FormFile, models.SET_NULL, null=True, blank=True, verbose_name="mẫu đơn, tờ khai", related_name="items"
    )
    note = TextField("ghi chú", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "thành phần hồ sơ"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.case_id and self.case and self.case.procedure_id != self.procedure_id:
            raise ValidationError({"case": ValidationError("Trường hợp này thuộc thủ tục khác.", code="case")})


class LegalBasis(models.Model):
    """A căn cứ pháp lý: a document that a procedure rests on."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="legal_bases")
    document = models.ForeignKey(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="legal_bases")
    note = CharField("ghi chú", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "căn cứ pháp lý"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "document"],
                name="legal_basis_once",
                violation_error_message="Văn bản này đã có trong căn cứ pháp lý.",
            )
        ]

    def __str__(self) -> str:
        return str(self.document)

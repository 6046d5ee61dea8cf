"""How the office itself handles a procedure: who does what, and how long it may take (NĐ 118/2025 Đ38.1d)."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.models import Unit
from portal.templatetags.vietnamese import number
from procedures.models.legal_document import LegalDocument
from procedures.models.procedure import Procedure
from procedures.querysets import ProcessQuerySet

HOURS_A_DAY = 8


class InternalProcess(models.Model):
    """A quy trình nội bộ of one procedure, in force from a day on; public as soon as the procedure is."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, verbose_name="thủ tục", related_name="processes")
    case = CharField(
        "trường hợp",
        max_length=200,
        blank=True,
        help_text="Để trống khi quy trình áp dụng cho mọi trường hợp; khi đó tổng thời gian so với thời hạn dài nhất.",
    )
    document = models.ForeignKey(
        LegalDocument,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="quyết định phê duyệt",
        related_name="processes",
    )
    valid_from = models.DateField("áp dụng từ")
    valid_to = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    note = TextField("ghi chú", blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "quy trình nội bộ"
        ordering = ["procedure__sort_key", "procedure", "case", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="process_valid_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết áp dụng không được trước ngày áp dụng.",
            ),
            models.UniqueConstraint(
                fields=["procedure", "case", "valid_from"],
                name="process_once_a_day",
                violation_error_message="Thủ tục này đã có quy trình cho cùng trường hợp, áp dụng từ cùng ngày.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}, {self.case}" if self.case else str(self.procedure)

    def get_absolute_url(self) -> str:
        return reverse("procedures:process-detail", args=[self.procedure.code])

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)

    @property
    def hours(self) -> Decimal:
        """Return the working hours of all steps together."""
        return sum((step.hours for step in self.steps.all()), Decimal(0))


class ProcessStep(models.Model):
    """A step of an internal process: who does what within how long."""

    class TimeUnit(models.TextChoices):
        HOUR = "hour", "giờ làm việc"
        WORKING_DAY = "working_day", "ngày làm việc"

    process = models.ForeignKey(InternalProcess, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    name = CharField("việc", max_length=300)
    role = CharField("người, bộ phận thực hiện", max_length=150, blank=True, help_text="Ví dụ: Bộ phận Một cửa")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name="đơn vị", related_name="process_steps"
    )
    time = models.DecimalField("thời gian", max_digits=6, decimal_places=2)
    time_unit = models.CharField("đơn vị thời gian", max_length=12, choices=TimeUnit, default=TimeUnit.WORKING_DAY)
    result = CharField("kết quả của bước", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bước của quy trình"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="process_step_takes_time",
                condition=Q(time__gt=0),
                violation_error_message="Thời gian của bước phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                name="process_step_has_somebody",
                condition=~Q(role="") | Q(unit__isnull=False),
                violation_error_message="Ghi người, bộ phận thực hiện hoặc chọn đơn vị.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Decimal:
        """Return the working hours; a working day has eight."""
        return self.time * HOURS_A_DAY if self.time_unit == self.TimeUnit.WORKING_DAY else self.time

    @property
    def duration(self) -> str:
        return f"{number(self.time)} {self.get_time_unit_display()}"

    @property
    def who(self) -> str:
        """Return who does it: the role and, where it is given, the unit."""
        return ", ".join(filter(None, [self.role, self.unit.name if self.unit else ""]))

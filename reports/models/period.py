"""Periods and what the units hand in for them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.calendar import Period
from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models import Field
from reports.models.setup import Indicator, Rhythm
from reports.querysets import DifficultyQuerySet, ReturnQuerySet

QUARTERS = ("I", "II", "III", "IV")


class ReportingPeriod(models.Model):
    """The days that a report counts (NĐ 09/2019 Đ12), and when its figures are due and closed."""

    rhythm = models.CharField("kỳ", max_length=11, choices=Rhythm)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("số", default=1)  # of the quarter or month; 1 for the longer ones
    first_on = models.DateField("tính từ ngày")
    last_on = models.DateField("đến hết ngày")
    # Only where units are asked: months and quarters. Longer periods add up the quarters in them.
    units_due_on = models.DateField("hạn đơn vị nộp", null=True, blank=True)
    closing_on = models.DateField("khóa nhập sau ngày", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc")
    opened_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name="người mở", related_name="+"
    )  # nobody: it opened by itself
    note = TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kỳ báo cáo"
        ordering = ["-last_on", "rhythm"]
        constraints = [
            models.UniqueConstraint(
                fields=["rhythm", "year", "number"],
                name="reporting_period_once",
                violation_error_message="Kỳ này đã mở.",
            ),
            models.CheckConstraint(
                name="reporting_period_in_order",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            ),
            models.CheckConstraint(
                name="reporting_period_closes_after_due",
                condition=Q(closing_on=None) | Q(units_due_on=None) | Q(closing_on__gte=F("units_due_on")),
                violation_error_message="Ngày khóa nhập không trước hạn nộp.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name[0].upper()}{self.name[1:]}"

    def get_absolute_url(self) -> str:
        """The staff's page of the period; the public one is `reports:period`."""
        return reverse("reports-staff:period", args=[self.code])

    @property
    def code(self) -> str:
        """What addresses and commands name it by: 2024-Q3, 2024, 2024-M08, 2024-6M, 2024-9M."""
        suffix = {
            Rhythm.QUARTER: f"-Q{self.number}",
            Rhythm.MONTH: f"-M{self.number:02}",
            Rhythm.SIX_MONTHS: "-6M",
            Rhythm.NINE_MONTHS: "-9M",
        }
        return f"{self.year}{suffix.get(Rhythm(self.rhythm), '')}"

    @property
    def name(self) -> str:
        """How documents name it: quý III năm 2024, năm 2024, 6 tháng đầu năm 2024."""
        names = {
            Rhythm.QUARTER: f"quý {QUARTERS[(self.number - 1) % 4]} năm {self.year}",
            Rhythm.MONTH: f"tháng {self.number} năm {self.year}",
            Rhythm.SIX_MONTHS: f"6 tháng đầu năm {self.year}",
            Rhythm.NINE_MONTHS: f"9 tháng năm {self.year}",
        }
        return names.get(Rhythm(self.rhythm), f"năm {self.year}")

    @property
    def days(self) -> Period:
        return Period(self.first_on, self.last_on)

    @property
    def asks_units(self) -> bool:
        return self.units_due_on is not None


class UnitReturn(models.Model):
    """What one unit hands in for one period: saved is not submitted, submitted is not approved."""

    class Status(models.TextChoices):
        EXPECTED = "expected", "Chưa nhập"
        SAVED = "saved", "Đang nhập"
        SUBMITTED = "submitted", "Đã nộp"
        RETURNED = "returned", "Bị trả lại"
        APPROVED = "approved", "Đã duyệt"

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="returns", verbose_name="kỳ báo cáo")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns", verbose_name="đơn vị")
    status = models.CharField("tình trạng", max_length=9, choices=Status, default=Status.EXPECTED)
    # Counted up at each step and each saving, so that two people cannot overwrite one another.
    version = models.PositiveIntegerField(default=0, editable=False)
    first_submitted_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    # The office typed for the unit, and why.
    entered_for_reason = TextField("lý do nhập thay", blank=True, editable=False)
    returned_reason = TextField("lý do trả lại", blank=True, editable=False)
    # Open to this unit alone until the day, although the period is closed.
    reopened_until = models.DateField("mở lại đến hết ngày", null=True, blank=True, editable=False)
    reopened_reason = TextField("lý do mở lại", blank=True, editable=False)
    # The forms, columns and values as they were handed in (RULES R8).
    snapshot = models.JSONField(default=dict, blank=True, editable=False)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "số liệu của đơn vị"
        ordering = ["-period__last_on", "unit__order", "unit__name"]
        permissions = [
            ("fill_unitreturn", "Nhập, nộp số liệu của đơn vị mình"),
            ("approve_unitreturn", "Duyệt, trả lại, mở lại, nhập thay số liệu của đơn vị"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit"], name="unit_return_once", violation_error_message="Đơn vị đã có trong kỳ này."
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.period.name}"

    def get_absolute_url(self) -> str:
        return reverse("reports-staff:return", args=[self.period.code, self.unit_id])

    def is_late(self, on: date) -> bool:
        """Tell whether the first submission came, or has not come, after the units' due date."""
        due = self.period.units_due_on
        if due is None:
            return False
        came = timezone.localdate(self.first_submitted_at) if self.first_submitted_at else on
        return came > due


class ReturnValue(models.Model):
    """One box of a return; missing is not nought."""

    unit_return = models.ForeignKey(
        UnitReturn, models.CASCADE, related_name="values", verbose_name="số liệu của đơn vị"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="chỉ tiêu")
    field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, verbose_name="lĩnh vực", related_name="return_values"
    )  # of forms with a row for each field
    value = models.PositiveBigIntegerField("giá trị", null=True, blank=True)
    blank_reason = CharField("lý do để trống", max_length=300, blank=True)
    comment = CharField("giải thích", max_length=300, blank=True)  # e.g. of a large swing

    class Meta:
        verbose_name = verbose_name_plural = "giá trị"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit_return", "indicator", "field"], name="return_value_once_in_a_field"),
            models.UniqueConstraint(
                fields=["unit_return", "indicator"], condition=Q(field=None), name="return_value_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {'–' if self.value is None else self.value}"


class ReturnEvent(models.Model):
    """A step or a saving of a return; rows are only added, in the database as in code (`reports.append_only`)."""

    class Verb(models.TextChoices):
        SAVE = "save", "Lưu"
        IMPORT = "import", "Nhập từ tệp"
        SUBMIT = "submit", "Nộp"
        RETURN = "return", "Trả lại"
        APPROVE = "approve", "Duyệt"
        REOPEN = "reopen", "Mở lại"
        REMIND = "remind", "Nhắc"

    unit_return = models.ForeignKey(
        UnitReturn, models.PROTECT, related_name="events", verbose_name="số liệu của đơn vị"
    )
    verb = models.CharField("việc", max_length=8, choices=Verb)
    status = models.CharField("tình trạng sau đó", max_length=9, choices=UnitReturn.Status)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người làm", related_name="+")
    at = models.DateTimeField("lúc")
    remark = TextField("lý do, ý kiến", blank=True)
    # Of a saving: every box that changed, {"form", "code", "field", "label", "old", "new"}.
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "lịch sử số liệu"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["unit_return", "at"])]

    def __str__(self) -> str:
        return self.get_verb_display()


class Difficulty(models.Model):
    """A vướng mắc that a unit raises at any time, the office answers, and a report carries (NĐ 63/2010 Đ35.3đ)."""

    class Status(models.TextChoices):
        RAISED = "raised", "Mới nêu"
        ANSWERED = "answered", "Đã trả lời"
        WITHDRAWN = "withdrawn", "Đơn vị rút"

    class Kind(models.TextChoices):
        REGULATION = "regulation", "Quy định"
        PRACTICE = "practice", "Tổ chức thực hiện"
        SYSTEM = "system", "Hệ thống, phần mềm"
        OTHER = "other", "Khác"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="difficulties", verbose_name="đơn vị")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.PRACTICE)
    title = CharField("vướng mắc", max_length=300, help_text="Một câu, như sẽ viết trong báo cáo.")
    content = TextField("mô tả", blank=True)
    proposal = TextField("đề xuất, kiến nghị", blank=True)
    procedure = models.ForeignKey(
        "procedures.Procedure", models.SET_NULL, null=True, blank=True, verbose_name="thủ tục", related_name="+"
    )
    field = models.ForeignKey(Field, models.SET_NULL, null=True, blank=True, verbose_name="lĩnh vực", related_name="+")
    status = models.CharField("tình trạng", max_length=9, choices=Status, default=Status.RAISED, editable=False)
    raised_on = models.DateField("ngày nêu", editable=False)
    raised_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    answer = TextField("trả lời của Văn phòng Sở", blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    solved_on = models.DateField("giải quyết xong ngày", null=True, blank=True)
    in_reports = models.BooleanField("đưa vào báo cáo", default=True)

    objects = DifficultyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "khó khăn, vướng mắc"
        ordering = ["-raised_on", "-pk"]
        permissions = [("answer_difficulty", "Trả lời khó khăn, vướng mắc")]

    def __str__(self) -> str:
        return self.title

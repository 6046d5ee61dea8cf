"""Frozen figures, and the reports that are written from them."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.models import User
from reports.models.period import ReportingPeriod
from reports.models.setup import Indicator, OutlinePart, ReportType
from reports.querysets import CompilationQuerySet


class Compilation(models.Model):
    """All figures of a period, frozen at a moment. Compiling again makes another; none is ever changed.

    One compilation serves every report of its period.
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="compilations", verbose_name="kỳ báo cáo")
    number = models.PositiveSmallIntegerField("lần")
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name="người tổng hợp", related_name="+"
    )
    # The forms and columns as they were (titles, groups, measures, definitions), and which units were in.
    layout = models.JSONField(default=dict)

    objects = CompilationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lần tổng hợp"
        ordering = ["-period__last_on", "-number"]
        permissions = [("compile_period", "Tổng hợp số liệu của kỳ, thay số liệu")]
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="compilation_once")]

    def __str__(self) -> str:
        return f"{self.period}, lần {self.number}"


class CompiledFigure(models.Model):
    """One number of a compilation with what it was counted from."""

    compilation = models.ForeignKey(Compilation, models.CASCADE, related_name="figures", verbose_name="lần tổng hợp")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="figures", verbose_name="chỉ tiêu")
    row = CharField("dòng", max_length=300, blank=True)  # the label of a row; empty for the whole form
    row_order = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField("giá trị", null=True)  # missing: no unit said anything
    # What it adds up: [{"unit", "unit_id", "value", "blank_reason"}] of unit returns, or [{"period", "value"}].
    parts = models.JSONField(default=list, blank=True)
    # The rows that were counted: [{"model", "pk", "label"}], labels as they were then.
    rows = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField(default=0)  # of them, for lists that leave them unread
    # Counts of people and the like are sums over rows.
    counts_rows = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu đã chốt"
        ordering = ["indicator__form__order", "row_order", "indicator__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["compilation", "indicator", "row"], name="compiled_figure_once")]

    def __str__(self) -> str:
        return f"{self.key}: {'–' if self.value is None else self.value}"

    @property
    def key(self) -> str:
        """Its name in every compilation: "06a.3", "06a.3/An toàn bức xạ"."""
        return f"{self.indicator.key}/{self.row}" if self.row else self.indicator.key


class FigureOverride(models.Model):
    """A value that the office puts in place of a compiled one; both are kept, and it outlives compiling anew."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="overrides", verbose_name="kỳ báo cáo")
    key = CharField("số liệu", max_length=400)  # CompiledFigure.key
    value = models.BigIntegerField("giá trị thay", null=True)
    compiled_value = models.BigIntegerField("giá trị tổng hợp lúc đó", null=True)
    reason = TextField("lý do")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người thay", related_name="+")
    at = models.DateTimeField("lúc")
    # Rows stay: the one that holds is the only one without an end.
    ended_at = models.DateTimeField("thôi dùng lúc", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người bỏ", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "số liệu thay"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "key"], condition=Q(ended_at=None), name="figure_override_one_holds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Report(models.Model):
    """A document of a period for one recipient; a correction is a further version, and what was sent stays."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SENT = "sent", "Đã gửi"

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports", verbose_name="kỳ báo cáo")
    report_type = models.ForeignKey(ReportType, models.PROTECT, related_name="reports", verbose_name="loại báo cáo")
    version = models.PositiveSmallIntegerField("lần", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name="đính chính cho", related_name="corrected_by"
    )
    correction_reason = TextField("lý do đính chính", blank=True)
    due_on = models.DateField("hạn gửi")
    status = models.CharField("tình trạng", max_length=5, choices=Status, default=Status.DRAFT, editable=False)
    compilation = models.ForeignKey(
        Compilation, models.PROTECT, null=True, blank=True, verbose_name="số liệu", related_name="reports"
    )
    # Given by the clerk when the document goes out.
    document_number = CharField("số, ký hiệu", max_length=60, blank=True, editable=False)
    document_on = models.DateField("ngày văn bản", null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("ghi nhận gửi lúc", null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo"
        ordering = ["-period__last_on", "report_type__key", "-version"]
        permissions = [("send_report", "Soạn, ghi nhận gửi, đính chính báo cáo")]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "report_type", "version"],
                name="report_version_once",
                violation_error_message="Báo cáo này đã có.",
            ),
            models.CheckConstraint(
                name="sent_report_is_numbered",
                condition=~Q(status="sent")
                | (Q(document_on__isnull=False, sent_at__isnull=False) & ~Q(document_number="")),
            ),
        ]

    def __str__(self) -> str:
        again = f" (lần {self.version})" if self.version > 1 else ""
        return f"{self.report_type.name}, {self.period.name}{again}"

    def get_absolute_url(self) -> str:
        return reverse("reports-staff:report", args=[self.period.code, self.report_type.key])

    @property
    def is_locked(self) -> bool:
        return self.status == self.Status.SENT


class ReportParagraph(models.Model):
    """What stands under one part of the outline: drafted from the figures, or as somebody wrote it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="paragraphs", verbose_name="báo cáo")
    part = models.ForeignKey(OutlinePart, models.PROTECT, related_name="paragraphs", verbose_name="mục")
    drafted = TextField("soạn từ số liệu", blank=True)  # by the latest compilation
    text = TextField("nội dung đã sửa", null=True, blank=True)  # nothing: the drafted text is used
    # What was drafted when somebody edited: where it differs from `drafted`, figures moved under the edit.
    edited_from = TextField(blank=True)
    edited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # so that two people cannot overwrite one another

    class Meta:
        verbose_name = verbose_name_plural = "đoạn của báo cáo"
        ordering = ["part__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "part"], name="report_paragraph_once")]

    def __str__(self) -> str:
        return str(self.part)

    @property
    def shown(self) -> str:
        return self.drafted if self.text is None else self.text

    @property
    def is_stale(self) -> bool:
        """Tell whether the figures changed under an edit."""
        return self.text is not None and self.edited_from != self.drafted


def sent_storage() -> Storage:
    return storages["reports"]


def sent_path(instance: "SentFile", filename: str) -> str:
    return f"reports/{instance.report_id}/{instance.sha256[:16]}.{instance.kind}"


class SentFile(models.Model):
    """A copy of what was sent, with its hash; rows are only added (`reports.append_only`)."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word (DOCX)"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel (XLSX)"
        SCAN = "scan.pdf", "Bản ký, quét (PDF)"

    report = models.ForeignKey(Report, models.PROTECT, related_name="files", verbose_name="báo cáo")
    kind = models.CharField("loại tệp", max_length=8, choices=Kind)
    file = models.FileField("tệp", upload_to=sent_path, storage=sent_storage, max_length=200)
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    size = models.PositiveIntegerField("kích thước")  # bytes
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "tệp đã gửi"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="sent_file_once")]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_kind_display()}"


class SentText(models.Model):
    """The words and figures of a sent report as data, to compare later ones with; rows are only added."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="sent_text", verbose_name="báo cáo")
    content = models.JSONField(default=dict)  # {"paragraphs": [{key, heading, text}], "figures": {key: value}}

    def __str__(self) -> str:
        return str(self.report)

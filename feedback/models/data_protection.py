"""What the law on personal data asks for: requests, tombstones, incidents (Luật 91/2025)."""

from datetime import timedelta

from django.db import models

from feedback.models.submission import Submission
from portal.fields import CharField, TextField
from portal.models import User

NOTIFY_WITHIN = timedelta(hours=72)  # Luật 91/2025 Đ23


class DataRequest(models.Model):
    """Somebody asks to see, correct or erase their data (Luật 91/2025 Đ4; times of NĐ 356/2025)."""

    class Kind(models.TextChoices):
        VIEW = "view", "Xem, nhận bản sao"
        CORRECT = "correct", "Chỉnh sửa"
        RESTRICT = "restrict", "Rút đồng ý, hạn chế xử lý"
        ERASE = "erase", "Xóa"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="data_requests", verbose_name="phản ánh")
    kind = models.CharField("yêu cầu", max_length=8, choices=Kind)
    received_on = models.DateField("nhận ngày")
    due_on = models.DateField("hạn thực hiện", editable=False)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    result = TextField("kết quả, lý do từ chối", blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="người nhận", related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "yêu cầu về dữ liệu cá nhân"
        ordering = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on:%d/%m/%Y}"


class Tombstone(models.Model):
    """What was erased of a submission, when and why; rows are only added."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="tombstones", verbose_name="phản ánh")
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người làm", related_name="+")
    erased = models.JSONField("đã xóa")  # names of what was erased, and how many
    reason = CharField("lý do", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "dữ liệu đã xóa"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.submission.register_entry} {self.at:%d/%m/%Y}"


class Incident(models.Model):
    """A breach of personal data; the ministry's unit is told within 72 hours (Luật 91/2025 Đ23)."""

    title = CharField("sự việc", max_length=200)
    detected_at = models.DateTimeField("phát hiện lúc")
    description = TextField("diễn biến")
    data_kinds = CharField("loại dữ liệu", max_length=300, blank=True)
    people = models.PositiveIntegerField("số người bị ảnh hưởng", null=True, blank=True)
    measures = TextField("biện pháp đã làm", blank=True)
    notified_at = models.DateTimeField("thông báo cơ quan chuyên trách lúc", null=True, blank=True)
    notified_to = CharField("cơ quan đã thông báo", max_length=200, blank=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="người ghi", related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "sự cố dữ liệu cá nhân"
        ordering = ["-detected_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def notify_by(self):
        return self.detected_at + NOTIFY_WITHIN

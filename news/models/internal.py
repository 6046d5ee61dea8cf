"""What is done inside the department: documents made known, people trained (plan II.1)."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from news.querysets import ReceiptQuerySet
from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models import LegalDocument


class Dissemination(models.Model):
    """Documents addressed to units or to all staff, each person of whom confirms having read them."""

    title = CharField("tiêu đề", max_length=200)
    message = TextField("nội dung cần quán triệt", blank=True)
    documents = models.ManyToManyField(LegalDocument, verbose_name="văn bản", related_name="disseminations")
    to_all = models.BooleanField("gửi toàn thể công chức, viên chức", default=False)
    units = models.ManyToManyField(Unit, blank=True, verbose_name="gửi các đơn vị", related_name="disseminations")
    read_by = models.DateField("đọc trước ngày", null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    sent_at = models.DateTimeField("gửi lúc", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "phổ biến văn bản"
        ordering = ["-pk"]
        permissions = [("send_dissemination", "Được gửi và nhắc phổ biến văn bản")]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        return self.read_by is not None and self.read_by < on


class ReadReceipt(models.Model):
    """One person to whom documents were sent, with the unit of that day, and when the person confirmed."""

    dissemination = models.ForeignKey(Dissemination, models.CASCADE, related_name="receipts")
    user = models.ForeignKey(User, models.PROTECT, related_name="receipts", verbose_name="người đọc")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="receipts", verbose_name="đơn vị")
    read_at = models.DateTimeField("xác nhận đã đọc lúc", null=True)
    reminded_at = models.DateTimeField("nhắc lần cuối lúc", null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "xác nhận đã đọc"
        ordering = ["unit", "user"]
        constraints = [models.UniqueConstraint(fields=["dissemination", "user"], name="receipt_one_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.dissemination}"


class TrainingRecord(models.Model):
    """A course on which staff were sent."""

    course = CharField("khóa bồi dưỡng", max_length=200)
    skill = CharField("kỹ năng", max_length=200, help_text="Ví dụ: giao tiếp với khách hàng")
    organiser = CharField("cơ quan tổ chức", max_length=200, blank=True)
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến ngày")
    document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, verbose_name="văn bản cử đi", related_name="trainings"
    )
    note = TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bồi dưỡng"
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_in_order",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.course


class TrainingAttendance(models.Model):
    """How many people of one unit attended, and who they were where that is noted."""

    training = models.ForeignKey(TrainingRecord, models.CASCADE, related_name="attendances")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attendances", verbose_name="đơn vị")
    people = models.PositiveSmallIntegerField("số người")
    users = models.ManyToManyField(User, blank=True, verbose_name="gồm", related_name="trainings")

    class Meta:
        verbose_name = verbose_name_plural = "người tham gia theo đơn vị"
        ordering = ["unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "unit"], name="training_unit_once", violation_error_message="Đơn vị này đã có."
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.people}"

"""The yearly plan of communication and what carries it out (RULES N5)."""

from datetime import date

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from news.querysets import TaskQuerySet
from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models import LegalDocument


class CommunicationPlan(models.Model):
    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = CharField("tên kế hoạch", max_length=300)
    document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, verbose_name="văn bản", related_name="plans"
    )
    public = models.BooleanField("công khai tiến độ", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch truyền thông"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:plan", args=[self.year])


class PlanTask(models.Model):
    """A task: content, lead, cooperating units, time and form of work, as the plan itself lists them."""

    class State(models.TextChoices):
        TO_COME = "to_come", "Chưa đến hạn làm"
        GOING = "going", "Đang làm"
        LATE = "late", "Chậm"
        DONE = "done", "Đã xong"

    plan = models.ForeignKey(CommunicationPlan, models.CASCADE, related_name="tasks", verbose_name="kế hoạch")
    number = CharField("mục", max_length=20, help_text="Ví dụ: II.1")
    content = TextField("nội dung")
    lead = models.ForeignKey(Unit, models.PROTECT, verbose_name="chủ trì", related_name="led_tasks")
    cooperating = models.ManyToManyField(Unit, blank=True, verbose_name="phối hợp", related_name="cooperating_tasks")
    cooperating_others = CharField("cơ quan khác cùng phối hợp", max_length=300, blank=True)
    time = CharField("thời gian", max_length=200, help_text="Như trong kế hoạch: Thường xuyên trong năm 2024.")
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến ngày")
    form_of_work = TextField("hình thức thực hiện", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    result = TextField("kết quả, ghi chú", blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "nhiệm vụ của kế hoạch"
        ordering = ["plan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="task_number_once", violation_error_message="Mục này đã có."
            ),
            models.CheckConstraint(
                name="task_period_in_order",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.plan.year})"

    def state(self, on: date) -> State:
        if self.done_on and self.done_on <= on:
            return self.State.DONE
        if self.last_on < on:
            return self.State.LATE
        return self.State.GOING if self.first_on <= on else self.State.TO_COME


class Evidence(models.Model):
    """That something was done for a task: an article, album, bulletin, document, training, change or whatever comes."""

    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="evidence", verbose_name="nhiệm vụ")
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    note = CharField("ghi chú", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    added_at = models.DateTimeField("gắn lúc", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "thực hiện nhiệm vụ của kế hoạch"
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "content_type", "object_id"],
                name="evidence_once",
                violation_error_message="Đã gắn với nhiệm vụ này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.item}"

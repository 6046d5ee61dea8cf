"""What articles, albums and bulletins have in common: the way from a draft to the public and back."""

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.fields import CharField, TextField
from portal.models import Unit, User


class EditorialEvent(models.Model):
    """One step of a publication, with who took it, when and why; rows are only added."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", "Gửi duyệt"
        RETURN = "return", "Trả lại"
        PUBLISH = "publish", "Duyệt đăng"
        WITHDRAW = "withdraw", "Gỡ xuống"
        REOPEN = "reopen", "Soạn lại"
        CORRECT = "correct", "Đính chính"

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    publication = GenericForeignKey()
    verb = models.CharField("việc", max_length=10, choices=Verb)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="người làm", related_name="+")
    at = models.DateTimeField("lúc")
    remark = TextField("ý kiến, lý do", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "lịch sử duyệt"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {timezone.localtime(self.at):%d/%m/%Y %H:%M}"


class Publication(models.Model):
    """Something that staff write, another person approves, and the public reads from a moment to a moment."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Chờ duyệt"
        RETURNED = "returned", "Trả lại"
        PUBLISHED = "published", "Đã duyệt đăng"
        WITHDRAWN = "withdrawn", "Đã gỡ"

    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người soạn", related_name="+", editable=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name="đơn vị thực hiện", related_name="+"
    )
    publish_at = models.DateTimeField("đăng lúc", null=True, blank=True, help_text="Để trống: đăng ngay khi duyệt.")
    unpublish_at = models.DateTimeField("thôi đăng lúc", null=True, blank=True)
    # Told on the page that takes the place of what was withdrawn.
    withdrawn_reason = CharField("lý do gỡ", max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField("tạo lúc", default=timezone.now, editable=False)
    changed_at = models.DateTimeField("sửa lúc", default=timezone.now, editable=False)
    # Counts the saves: whoever saves over a number that he has not seen is stopped.
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    events = GenericRelation(EditorialEvent)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_published_from_a_moment", condition=~Q(status="published") | Q(publish_at__isnull=False)
            ),
            models.CheckConstraint(
                name="%(class)s_public_in_order",
                condition=Q(unpublish_at=None) | Q(publish_at=None) | Q(unpublish_at__gt=F("publish_at")),
                violation_error_message="Chọn lúc thôi đăng sau lúc đăng.",
            ),
        ]

    def is_public(self, at: datetime) -> bool:
        return self.is_approved and not self.is_scheduled(at) and not self.is_over(at)

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def is_scheduled(self, at: datetime) -> bool:
        """Whether it is approved and its moment has still to come."""
        return self.is_approved and self.publish_at is not None and self.publish_at > at

    def is_over(self, at: datetime) -> bool:
        return self.unpublish_at is not None and self.unpublish_at <= at

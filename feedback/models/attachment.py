"""Files that came with a submission, a later message or an answer."""

import uuid

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q

from feedback.models.answer import Answer
from feedback.models.history import Message
from feedback.models.submission import Draft, Submission
from portal.fields import CharField


def _storage():
    return storages["attachments"]


def _file_name(attachment: "Attachment", name: str) -> str:
    # What somebody called the file is kept in the row only.
    return f"{uuid.uuid4().hex}.{attachment.kind}"


class Attachment(models.Model):
    """A checked picture or PDF; kept outside public media and served only to who may see it."""

    class Kind(models.TextChoices):
        JPG = "jpg", "JPG"
        PNG = "png", "PNG"
        PDF = "pdf", "PDF"

    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="attachments")
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="phản ánh"
    )
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="attachments")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="attachments")
    file = models.FileField("tệp", storage=_storage, upload_to=_file_name, max_length=60)
    name = CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=3, choices=Kind)
    size = models.PositiveIntegerField("dung lượng")  # bytes
    digest = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField("thêm lúc")

    class Meta:
        verbose_name = verbose_name_plural = "tệp đính kèm"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_belongs_somewhere", condition=Q(draft__isnull=False) | Q(submission__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        # Logs and error pages print this; what people write names people.
        return f"<Attachment {self.pk}>"

"""What a source says of a procedure, kept beside what the portal says."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.fields import TextField
from portal.models import User
from procedures.models.procedure import Procedure
from procedures.querysets import SourceRecordQuerySet


class SourceRecord(models.Model):
    """The last record that was taken in of a procedure, whether or not the portal says the same.

    What is public must agree with the national database (NĐ 63/2010 Đ26.2), and is not overwritten
    unseen: where the two differ, the office takes theirs or keeps ours with a reason.
    """

    class Origin(models.TextChoices):
        NATIONAL = "national", "CSDL quốc gia"
        OTHER = "other", "Tệp khác"  # a unit's filled-in form; kept only where it differs from what is public

    class State(models.TextChoices):
        SAME = "same", "Giống nhau"
        DIFFERS = "differs", "Khác, chờ xem"
        OURS_KEPT = "ours_kept", "Khác, giữ bản của Sở"

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, verbose_name="thủ tục", related_name="source_records", editable=False
    )
    origin = models.CharField("nguồn", max_length=10, choices=Origin, editable=False)
    content = models.JSONField(encoder=DjangoJSONEncoder, editable=False)  # importing.records.to_plain
    mark = models.CharField(max_length=16, editable=False)  # importing.digest of the content
    taken_at = models.DateTimeField("nhận lúc", editable=False)
    state = models.CharField("kết quả đối chiếu", max_length=10, choices=State, default=State.SAME, editable=False)
    # Names of parts of the record. Of a draft nobody asks what differs: it is told once it is public.
    differing = models.JSONField("phần khác nhau", default=list, editable=False)
    kept_parts = models.JSONField("phần giữ bản của Sở", default=list, editable=False)
    kept_reason = TextField("lý do giữ bản của Sở", blank=True, editable=False)
    kept_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    kept_at = models.DateTimeField("giữ lúc", null=True, editable=False)

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đối chiếu với CSDL quốc gia"
        ordering = ["procedure__sort_key", "procedure", "origin"]
        indexes = [models.Index(fields=["state"], name="source_record_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "origin"], name="source_record_one_an_origin"),
            models.CheckConstraint(
                name="source_record_kept_with_reason",
                condition=~models.Q(state="ours_kept") | (~models.Q(kept_reason="") & models.Q(kept_at__isnull=False)),
                violation_error_message="Ghi lý do giữ bản của Sở.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}: {self.get_origin_display()}"

    def judge(self, differing: list[str]) -> None:
        """Set the state by the parts that differ now; those that were kept for a reason stay kept."""
        self.differing = differing
        if not differing:
            self.state, self.kept_parts = self.State.SAME, []
        elif set(differing) <= set(self.kept_parts):
            self.state = self.State.OURS_KEPT
        else:
            self.state = self.State.DIFFERS

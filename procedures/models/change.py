"""What changes a procedure from a day on, and what was in force before and after (NĐ 63/2010 Đ14-15)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models.legal_document import LegalDocument
from procedures.models.procedure import Procedure
from procedures.querysets import ChangeQuerySet, VersionQuerySet


class Decision(models.Model):
    """A document together with the changes that it brings, from a unit's proposal to its publication."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        PROPOSED = "proposed", "Đã đề nghị"
        RETURNED = "returned", "Trả lại"
        PUBLISHED = "published", "Đã công bố"

    document = models.OneToOneField(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="decision")
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, verbose_name="đơn vị đề nghị", related_name="decisions"
    )
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    remark = TextField("ý kiến của Văn phòng Sở", blank=True, editable=False)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    published_at = models.DateTimeField("công bố lúc", null=True, editable=False)
    entered_on = models.DateField(
        "nhập CSDL quốc gia ngày",
        null=True,
        blank=True,
        help_text="Chậm nhất 05 ngày làm việc từ ngày ký (Điều 24 Nghị định 63/2010/NĐ-CP).",
    )

    class Meta:
        verbose_name = verbose_name_plural = "quyết định, thay đổi thủ tục"
        ordering = ["-pk"]
        permissions = [
            ("publish_decision", "Được công bố quyết định"),
            ("propose_decision", "Được đề nghị thay đổi thủ tục"),
        ]

    def __str__(self) -> str:
        return str(self.document)


class ProcedureChange(models.Model):
    """One line of a decision: what happens to one procedure, and from which day."""

    class Kind(models.TextChoices):
        """The kinds of NĐ 63/2010 Đ14, and what else the department's plan wants told (IV.1)."""

        NEW = "new", "Mới ban hành"
        AMENDED = "amended", "Sửa đổi, bổ sung"
        REPLACED = "replaced", "Thay thế"
        REPEALED = "repealed", "Bãi bỏ, hủy bỏ"
        PROCESS = "process", "Quy trình nội bộ"
        FEE = "fee", "Phí, lệ phí"
        PRICE = "price", "Giá dịch vụ"

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="changes", verbose_name="quyết định")
    kind = models.CharField("loại thay đổi", max_length=10, choices=Kind)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="changes", verbose_name="thủ tục")
    successor = models.ForeignKey(
        Procedure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="thủ tục thay thế",
        help_text="Với thay thế: thủ tục áp dụng sau ngày này.",
    )
    # The new content, prepared as a draft procedure of its own (no code) while the old one stays public.
    draft = models.OneToOneField(
        Procedure, models.SET_NULL, null=True, blank=True, editable=False, related_name="drafted_change"
    )
    effective_on = models.DateField("áp dụng từ ngày")
    parts = models.JSONField("phần thay đổi", default=list, blank=True)  # labels of the record's parts
    sentence = CharField(
        "một câu cho người dân",
        max_length=300,
        blank=True,
        help_text="Ví dụ: Giảm thời hạn từ 30 ngày xuống 25 ngày.",
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    # What the draft was copied from, and the parts in which it differed when the decision was published:
    # versions are cut from these parts in the order of their days, in whatever order they were entered.
    base = models.JSONField(default=dict, blank=True, editable=False)
    patch = models.JSONField(default=dict, blank=True, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thay đổi của thủ tục"
        ordering = ["-effective_on", "order", "pk"]
        indexes = [models.Index(fields=["effective_on"])]
        constraints = [
            models.CheckConstraint(
                name="change_successor_only_where_replaced",
                condition=Q(successor=None) | Q(kind="replaced"),
                violation_error_message="Chỉ ghi thủ tục thay thế khi loại thay đổi là thay thế.",
            ),
            models.UniqueConstraint(
                fields=["decision", "procedure", "kind"],
                name="change_once_in_a_decision",
                violation_error_message="Quyết định này đã có thay đổi cùng loại cho thủ tục đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.procedure}"

    def get_absolute_url(self) -> str:
        return reverse("procedures:procedure-compare", args=[self.procedure.code, self.pk])


class ProcedureVersion(models.Model):
    """A procedure whole, with its rows, as it is in force from a day until the next version's day."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="versions")
    valid_from = models.DateField("áp dụng từ ngày")
    change = models.ForeignKey(ProcedureChange, models.SET_NULL, null=True, related_name="versions")
    content = models.JSONField()
    stored_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)  # since when the procedure's own rows say the same

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bản có hiệu lực"
        ordering = ["procedure", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "valid_from"], name="version_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} từ {self.valid_from:%d/%m/%Y}"

"""The review of procedures (rà soát TTHC): the year's plan and its results (NĐ 63/2010 Đ27-31; RULES N6)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.fields import CharField, TextField
from portal.models import Unit
from procedures.models import LegalDocument, Procedure


class ReviewPlan(models.Model):
    """The year's plan of review of procedures (rà soát TTHC; NĐ 63/2010 Đ27-31)."""

    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = CharField("tên kế hoạch", max_length=300)
    document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, verbose_name="văn bản", related_name="review_plans"
    )
    sent_on = models.DateField(
        "gửi ngày", null=True, blank=True, help_text="Trước ngày 31/01 của năm kế hoạch (NĐ 63/2010/NĐ-CP)."
    )
    public = models.BooleanField("công khai", default=False)
    conclusion = TextField("kết quả chung", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch rà soát"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:review", args=[self.year])


class ReviewItem(models.Model):
    """One procedure of the plan: agency, time, basis and product, and later the result."""

    class Outcome(models.TextChoices):
        KEEP = "keep", "Giữ nguyên"
        SIMPLIFY = "simplify", "Đề xuất đơn giản hóa"
        AMEND = "amend", "Đề xuất sửa đổi, bổ sung"
        REPEAL = "repeal", "Đề xuất bãi bỏ"

    plan = models.ForeignKey(ReviewPlan, models.CASCADE, related_name="items", verbose_name="kế hoạch")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="reviews", verbose_name="thủ tục")
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="reviews", verbose_name="đơn vị rà soát")
    first_on = models.DateField("bắt đầu")
    last_on = models.DateField("hoàn thành")
    basis = TextField("lý do, căn cứ rà soát", blank=True)
    product = CharField("sản phẩm", max_length=300, blank=True)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, blank=True)
    proposal = TextField("nội dung đề xuất", blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "thủ tục được rà soát"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "procedure"], name="review_procedure_once", violation_error_message="Thủ tục này đã có."
            ),
            models.CheckConstraint(
                name="review_item_in_order",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày hoàn thành không trước ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} ({self.plan.year})"

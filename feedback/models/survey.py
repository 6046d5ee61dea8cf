"""Opinions asked for: phiếu lấy ý kiến (NĐ 20/2008 Đ7.3, Đ9.2), and whether a page helps (NĐ 224/2026 Đ10.3b)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from feedback.querysets import SurveyQuerySet
from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models import LegalDocument, Procedure


class RatingScale(models.Model):
    """A scale in the office's words; NĐ 118/2025 sets topics and no scores (RULES S2, S4)."""

    name = CharField("tên thang", max_length=100, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "thang đánh giá"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RatingLevel(models.Model):
    scale = models.ForeignKey(RatingScale, models.CASCADE, related_name="levels", verbose_name="thang")
    value = models.SmallIntegerField("điểm")
    label = CharField("mức", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "mức đánh giá"
        ordering = ["-value"]
        constraints = [models.UniqueConstraint(name="rating_level_once", fields=["scale", "value"])]

    def __str__(self) -> str:
        return self.label


class Survey(models.Model):
    """A phiếu lấy ý kiến about one rule or one procedure, open from a day to a day."""

    title = CharField("tên phiếu", max_length=200)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, blank=True)
    purpose = TextField("vấn đề cần lấy ý kiến", help_text="Nêu rõ quy định, vấn đề cần hỏi (NĐ 20/2008 Đ7.3).")
    audience = CharField("đối tượng lấy ý kiến", max_length=300, blank=True)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, verbose_name="thủ tục", related_name="surveys"
    )
    document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, verbose_name="quy định", related_name="surveys"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị lấy ý kiến", related_name="+")
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến hết ngày")
    published = models.BooleanField("mở cho người dân", default=False)
    conclusion = TextField("tiếp thu, giải trình", blank=True, help_text="Hiện cùng kết quả sau khi phiếu đóng.")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phiếu lấy ý kiến"
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="survey_in_order",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:survey", args=[self.slug])

    def is_running(self, on: date) -> bool:
        return self.published and self.first_on <= on <= self.last_on


class SurveyQuestion(models.Model):
    class Kind(models.TextChoices):
        SCALE = "scale", "Chọn một mức của thang"
        CHOICE = "choice", "Chọn một trong các ý"
        TEXT = "text", "Viết ý kiến"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name="phiếu")
    order = models.PositiveSmallIntegerField("thứ tự", default=1)
    text = CharField("câu hỏi", max_length=300)
    kind = models.CharField("cách trả lời", max_length=6, choices=Kind, default=Kind.SCALE)
    scale = models.ForeignKey(
        RatingScale, models.PROTECT, null=True, blank=True, verbose_name="thang", related_name="+"
    )
    choices = TextField("các ý", blank=True, help_text="Mỗi ý một dòng.")
    required = models.BooleanField("bắt buộc", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "câu hỏi"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class SurveyInvitation(models.Model):
    """Whom the office asked, and whether it was chased or answered on paper; not linked with any reply (S5)."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations", verbose_name="phiếu")
    organisation = CharField("cơ quan, tổ chức, doanh nghiệp", max_length=200)
    email = models.EmailField("thư điện tử", blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField("nhắc lúc", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "nơi được mời"
        ordering = ["organisation"]

    def __str__(self) -> str:
        return self.organisation


class SurveyResponse(models.Model):
    """One filled-in form; who filled it in is not known to anybody (NĐ 118/2025 Đ29.3), the day is."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name="phiếu")
    on = models.DateField("ngày")
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người nhập phiếu giấy", related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "phiếu đã nhận"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"


class SurveyReply(models.Model):
    response = models.ForeignKey(SurveyResponse, models.CASCADE, related_name="replies")
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="replies")
    value = models.SmallIntegerField("điểm", null=True)
    text = TextField("ý kiến", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_reply_a_question", fields=["response", "question"])]

    def __str__(self) -> str:
        return self.text or str(self.value)


class PageVotes(models.Model):
    """How many found a procedure's page helpful on a day. Counts only: nothing tells who voted (NĐ 224/2026 Đ10.3b)."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="page_votes")
    day = models.DateField("ngày")
    helpful = models.PositiveIntegerField("có ích", default=0)
    unhelpful = models.PositiveIntegerField("chưa có ích", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "trang có hữu ích"
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(name="page_votes_once_a_day", fields=["procedure", "day"])]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.day}: {self.helpful}/{self.helpful + self.unhelpful}"


class PageRemark(models.Model):
    """What somebody missed on a page, in their words and without a name."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="page_remarks", verbose_name="thủ tục")
    day = models.DateField("ngày")
    text = TextField("còn thiếu gì")
    done = models.BooleanField("đã xem", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "góp ý trang thủ tục"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.text[:80]

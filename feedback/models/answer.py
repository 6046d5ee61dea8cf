"""The answer to the sender, and the redacted copy for everybody (NĐ 20/2008 Đ15, Đ19)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from feedback.models.submission import Submission
from feedback.querysets import PublicAnswerQuerySet
from portal.fields import CharField, TextField
from portal.models import User
from procedures.models import ProcedureChange


class Assessment(models.Model):
    """Whether there is ground enough, and the six criteria for a rule of own competence (NĐ 20/2008 Đ14.2)."""

    class Verdict(models.TextChoices):
        MET = "met", "Đạt"
        NOT_MET = "not_met", "Chưa đạt"
        NOT_RELEVANT = "not_relevant", "Không liên quan"

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="assessment")
    sufficient = models.BooleanField("đủ cơ sở")
    necessary = models.CharField("cần thiết", max_length=12, choices=Verdict, blank=True)
    reasonable = models.CharField("hợp lý, hợp pháp", max_length=12, choices=Verdict, blank=True)
    simple = models.CharField("đơn giản, dễ hiểu", max_length=12, choices=Verdict, blank=True)
    feasible = models.CharField("khả thi", max_length=12, choices=Verdict, blank=True)
    consistent = models.CharField("thống nhất, đồng bộ", max_length=12, choices=Verdict, blank=True)
    treaties = models.CharField("phù hợp điều ước quốc tế", max_length=12, choices=Verdict, blank=True)
    remark = TextField("nhận xét", blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người đánh giá", related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "đánh giá theo tiêu chí"

    def __str__(self) -> str:
        return "đủ cơ sở" if self.sufficient else "chưa đủ cơ sở"


class Answer(models.Model):
    """What the department answers; written by one person, approved by another, then sent."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Chờ duyệt"
        APPROVED = "approved", "Đã duyệt, chờ gửi"
        SENT = "sent", "Đã gửi"

    class Outcome(models.TextChoices):
        """NĐ 20/2008 Đ15, and what needs no change of a rule."""

        EXPLAINED = "explained", "Giải thích, hướng dẫn"
        REMEDIED = "remedied", "Đã khắc phục, xử lý"
        AMENDED = "amended", "Sửa đổi, bãi bỏ theo thẩm quyền"
        PROPOSED = "proposed", "Kiến nghị cấp có thẩm quyền sửa đổi"
        NEW_RULE = "new_rule", "Ban hành hoặc kiến nghị quy định mới"
        UNFOUNDED = "unfounded", "Phản ánh không đúng thực tế"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="answers", verbose_name="phản ánh")
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, default=Outcome.EXPLAINED)
    text = TextField("nội dung trả lời")
    document_number = CharField("số văn bản", max_length=60, blank=True)
    document_on = models.DateField("ngày văn bản", null=True, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="người soạn", related_name="+")
    written_at = models.DateTimeField("soạn lúc")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người duyệt", related_name="+"
    )
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "câu trả lời"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_answer_in_the_making", fields=["submission"], condition=~Q(status="sent")
            ),
            models.CheckConstraint(
                name="answer_approved_by_another",
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=models.F("written_by")),
                violation_error_message="Người soạn không tự duyệt câu trả lời của mình.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.get_outcome_display()}"


class PublicAnswer(models.Model):
    """The redacted copy that the public reads beside nobody's name (NĐ 20/2008 Đ19; RULES F12)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Chờ duyệt"
        PUBLISHED = "published", "Đã công khai"
        WITHDRAWN = "withdrawn", "Đã gỡ"

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="public_answer")
    # Of the public address; counted apart from the register, so that it leads nobody to a case.
    number = models.PositiveIntegerField("số công khai", unique=True, null=True, editable=False)
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    title = CharField("câu hỏi ngắn", max_length=150)
    question = TextField("nội dung phản ánh, đã che")
    answer = TextField("nội dung trả lời, đã che")
    # What the machine found and the approver let stand, with the reason.
    accepted_findings = TextField("giải trình phần máy cảnh báo", blank=True)
    change = models.ForeignKey(
        ProcedureChange, models.SET_NULL, null=True, blank=True, verbose_name="đã dẫn đến thay đổi", related_name="+"
    )
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="người soạn", related_name="+")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người duyệt", related_name="+"
    )
    published_at = models.DateTimeField("công khai lúc", null=True, blank=True, editable=False)
    withdrawn_reason = CharField("lý do gỡ", max_length=300, blank=True, editable=False)
    days_taken = models.PositiveSmallIntegerField("số ngày làm việc đã dùng", null=True, editable=False)
    folded = models.TextField(editable=False, default="")  # for the search without marks

    objects = PublicAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "câu trả lời công khai"
        ordering = ["-published_at", "-pk"]
        permissions = [("publish_publicanswer", "Duyệt công khai câu trả lời")]
        constraints = [
            models.CheckConstraint(
                name="public_answer_numbered",
                condition=~Q(status__in=["published", "withdrawn"])
                | Q(number__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="public_answer_approved_by_another",
                condition=Q(approved_by=None) | Q(prepared_by=None) | ~Q(approved_by=models.F("prepared_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:public-answer", args=[self.number])


class Rating(models.Model):
    """How content the sender is with the handling, 1 to 5; given once with the receipt code (NĐ 118/2025 Đ33)."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField("điểm", choices=[(n, str(n)) for n in range(1, 6)])
    comment = TextField("góp ý", blank=True)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "đánh giá của người gửi"
        constraints = [models.CheckConstraint(name="rating_of_one_to_five", condition=Q(score__range=(1, 5)))]

    def __str__(self) -> str:
        return f"{self.score}/5"

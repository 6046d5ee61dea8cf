"""A phản ánh or kiến nghị, and what was sent with it (NĐ 20/2008)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from feedback.fields import PersonalField
from feedback.models.focal_person import FocalPerson
from feedback.models.rules import TimeClass
from feedback.querysets import SubmissionQuerySet
from portal.fields import CharField, TextField
from portal.models import Unit, User
from procedures.models import Field, Procedure

CODE_LENGTH = 8
MOST_LETTERS = 5000


class Submission(models.Model):
    """One opinion of a citizen or a business, from its arrival to its answer.

    The sender's identity stands here and nowhere else, encrypted. The status is moved by `feedback.workflow` only.
    """

    class Kind(models.TextChoices):
        """NĐ 20/2008 Đ3: an opinion with a proposed solution is a kiến nghị."""

        REPORT = "report", "Phản ánh"
        PROPOSAL = "proposal", "Kiến nghị"

    class About(models.TextChoices):
        """What the sender ticks: plain words for the contents of NĐ 20/2008 Đ5."""

        CONDUCT = "conduct", "Giải quyết chậm, gây phiền hà hoặc không đúng quy định"
        UNFIT = "unfit", "Quy định không phù hợp với thực tế"
        INCONSISTENT = "inconsistent", "Quy định chồng chéo, không thống nhất hoặc trái luật"
        SOLUTION = "solution", "Đề xuất cách sửa hoặc quy định mới"
        OTHER = "other", "Việc khác"

    class Content(models.TextChoices):
        """The eight contents of NĐ 20/2008 Đ5, chosen by staff when they classify."""

        CONDUCT = "conduct", "Chậm trễ, gây phiền hà, không thực hiện, thực hiện không đúng quy định"
        UNFIT = "unfit", "Quy định không phù hợp với thực tế"
        INCONSISTENT = "inconsistent", "Quy định không đồng bộ, thiếu thống nhất"
        ILLEGAL = "illegal", "Quy định không hợp pháp"
        TREATY = "treaty", "Quy định trái với điều ước quốc tế"
        OTHER = "other", "Vấn đề khác"
        SOLUTION = "solution", "Đề xuất phương án xử lý"
        NEW_RULE = "new_rule", "Sáng kiến ban hành quy định mới"

    class Subject(models.TextChoices):
        CONDUCT = "conduct", "Hành vi hành chính"
        REGULATION = "regulation", "Quy định hành chính"

    class Channel(models.TextChoices):
        WEB = "web", "Trang của Sở"
        LETTER = "letter", "Thư, văn bản"
        EMAIL = "email", "Thư điện tử"
        PHONE = "phone", "Điện thoại"
        VISIT = "visit", "Đến trực tiếp"
        REFERRAL = "referral", "Cơ quan khác chuyển đến"

    class SenderKind(models.TextChoices):
        PERSON = "person", "Cá nhân"
        ORGANISATION = "organisation", "Doanh nghiệp, tổ chức"

    class Status(models.TextChoices):
        SUSPECTED = "suspected", "Nghi thư rác"
        SPAM = "spam", "Thư rác"
        RECEIVED = "received", "Đã nhận"
        REGISTERED = "registered", "Đã vào sổ, chờ phân loại"
        HANDLING = "handling", "Đang xử lý"
        ASKED = "asked", "Chờ người gửi bổ sung"
        COLLECTING = "collecting", "Chưa đủ cơ sở, tiếp tục tập hợp"
        ANSWERED = "answered", "Đã trả lời"
        DISPUTED = "disputed", "Người gửi đề nghị xem lại"
        REJECTED = "rejected", "Không tiếp nhận"
        REDIRECTED = "redirected", "Khiếu nại, tố cáo: đã hướng dẫn"
        FORWARDED = "forwarded", "Đã chuyển cơ quan khác"
        MERGED = "merged", "Gộp vào phản ánh trùng"
        WITHDRAWN = "withdrawn", "Người gửi rút"

    code = models.CharField("mã biên nhận", max_length=CODE_LENGTH, unique=True, editable=False)
    register_year = models.PositiveSmallIntegerField("năm vào sổ", null=True, blank=True, editable=False)
    register_number = models.PositiveIntegerField("số vào sổ", null=True, blank=True, editable=False)
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.RECEIVED, editable=False)

    channel = models.CharField("kênh tiếp nhận", max_length=10, choices=Channel, default=Channel.WEB)
    received_at = models.DateTimeField("nhận lúc")
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người nhập", related_name="+", editable=False
    )
    external_reference = CharField(
        "số của nơi chuyển đến",
        max_length=100,
        blank=True,
        help_text="Số trên hệ thống phản ánh quốc gia, số công văn.",
    )

    about = models.CharField("việc phản ánh", max_length=12, choices=About)
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.REPORT, editable=False)
    content_type = models.CharField("nội dung theo NĐ 20/2008 Điều 5", max_length=12, choices=Content, blank=True)
    subject = models.CharField("đối tượng phản ánh", max_length=10, choices=Subject, blank=True)
    time_class = models.CharField("loại thời hạn", max_length=10, choices=TimeClass, default=TimeClass.ORDINARY)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, verbose_name="thủ tục", related_name="submissions"
    )
    field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, verbose_name="lĩnh vực", related_name="submissions"
    )
    dossier_code = CharField("mã số hồ sơ", max_length=60, blank=True)
    title = CharField("tiêu đề", max_length=150)
    content = TextField("nội dung")
    proposed_solution = TextField("đề xuất cách giải quyết", blank=True)

    sender_kind = models.CharField("gửi với tư cách", max_length=12, choices=SenderKind, default=SenderKind.PERSON)
    organisation_name = PersonalField("tên doanh nghiệp, tổ chức")
    sender_name = PersonalField("họ và tên người gửi")
    address = PersonalField("địa chỉ")
    phone = PersonalField("điện thoại")
    email = PersonalField("thư điện tử")
    # A keyed hash of telephone or address, to find others of the same sender without opening all of them.
    contact_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # Consents for extras only (Luật 91/2025 Đ9); the moment proves them.
    publish_name_at = models.DateTimeField("đồng ý nêu tên lúc", null=True, blank=True, editable=False)
    news_at = models.DateTimeField("đồng ý nhận tin lúc", null=True, blank=True, editable=False)

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="đơn vị xử lý",
        related_name="submissions",
        editable=False,
    )
    focal_person = models.ForeignKey(
        FocalPerson,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="đầu mối xử lý",
        related_name="submissions",
        editable=False,
    )
    # The two clocks: forwarding by law (NĐ 20/2008 Đ9.1d), answering by the department's own table.
    forward_due_on = models.DateField("hạn chuyển", null=True, blank=True, editable=False)
    answer_days = models.PositiveSmallIntegerField("thời hạn trả lời (ngày làm việc)", null=True, editable=False)
    extra_days = models.PositiveSmallIntegerField("gia hạn thêm (ngày làm việc)", default=0, editable=False)
    # The first day that is not counted, where it is not the day it came: a dispute starts the clock anew.
    answer_from_on = models.DateField("tính hạn trả lời từ ngày", null=True, blank=True, editable=False)
    # Missing while the sender owes an answer: then the clock rests.
    answer_due_on = models.DateField("hạn trả lời", null=True, blank=True, editable=False)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True, editable=False)
    forwarded_to = CharField("cơ quan nhận chuyển", max_length=300, blank=True, editable=False)
    forwarded_url = models.URLField("trang của cơ quan nhận", blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="gộp vào", related_name="duplicates", editable=False
    )
    suspicion = CharField("lý do nghi thư rác", max_length=200, blank=True, editable=False)
    # Raised by each step, so that of two people who saw the same state only one takes the next step.
    version = models.PositiveIntegerField(default=0, editable=False)
    erased_at = models.DateTimeField("đã xóa dữ liệu cá nhân lúc", null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phản ánh, kiến nghị"
        ordering = ["-received_at", "-pk"]
        permissions = [
            ("handle_submission", "Xử lý phản ánh giao cho đơn vị mình"),
            ("triage_submission", "Phân loại, giao việc, theo dõi mọi phản ánh"),
            ("head_submission", "Duyệt trả lời và nhận báo quá hạn của đơn vị mình"),
            ("read_sender", "Xem người gửi của phản ánh được giao"),
            ("erase_submission", "Xuất, xóa dữ liệu cá nhân theo yêu cầu"),
        ]
        constraints = [
            models.UniqueConstraint(name="submission_register_number", fields=["register_year", "register_number"]),
            models.CheckConstraint(
                name="submission_register_whole",
                condition=Q(register_year=None, register_number=None)
                | Q(register_year__isnull=False, register_number__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_in_register",
                condition=Q(status__in=["suspected", "spam", "received"]) | Q(register_number__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_merged_into_another", condition=~Q(status="merged") | Q(merged_into__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["status", "answer_due_on"]),
            models.Index(fields=["unit", "status"]),
            models.Index(fields=["received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.register_entry or self.shown_code} {self.title}"

    def __repr__(self) -> str:
        # Logs and error pages print this; what people write names people.
        return f"<Submission {self.pk}>"

    def save(self, *args, **kwargs) -> None:
        self.kind = self.Kind.PROPOSAL if self.proposed_solution.strip() else self.Kind.REPORT
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("feedback:follow-up", args=[self.shown_code])

    @property
    def shown_code(self) -> str:
        """The receipt code in groups of four."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def register_entry(self) -> str:
        """The number in the register, e.g. "12/2026"; empty before."""
        return f"{self.register_number}/{self.register_year}" if self.register_number else ""

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def shown_sender(self) -> str:
        """For staff who may read it: the organisation and the person."""
        return ", ".join(filter(None, [self.organisation_name, self.sender_name]))

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.answer_due_on is not None and self.answer_due_on < on


_Status = Submission.Status
# Somebody of the department still owes something; the clock of the answer runs or rests.
OPEN = frozenset(
    {
        _Status.RECEIVED,
        _Status.REGISTERED,
        _Status.HANDLING,
        _Status.ASKED,
        _Status.COLLECTING,
        _Status.DISPUTED,
    }
)


class RegisterCounter(models.Model):
    """The last number given in a year's register; raised in the transaction that uses it, so that none is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Draft(models.Model):
    """What somebody is filling in, kept on the server until it is sent or its time is over.

    The browser holds the token in a signed cookie. The content names a person, so it is encrypted.
    """

    token = models.CharField(max_length=43, unique=True)
    content = PersonalField("nội dung")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # Set once: whoever sends the same form again gets the same receipt.
    submission = models.OneToOneField(Submission, models.CASCADE, null=True, related_name="draft")
    submitted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Pause(models.Model):
    """Days on which the clock of the answer rests because the sender owes an answer; the first day still counts."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="pauses")
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến ngày", null=True)

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_pause_at_a_time", fields=["submission"], condition=Q(last_on=None))
        ]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on or '…'}"

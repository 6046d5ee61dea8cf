"""What happened to a submission: rows are only added, in the database as in code (`feedback.append_only`)."""

from django.db import models
from django.utils import timezone

from feedback.models.submission import Submission
from portal.fields import CharField, TextField
from portal.models import User


class Event(models.Model):
    """One step, with who took it, when and why. It never holds what names the sender."""

    class Verb(models.TextChoices):
        RECEIVE = "receive", "Nhận"
        SUSPECT = "suspect", "Giữ lại vì nghi thư rác"
        CLEAR = "clear", "Xác nhận không phải thư rác"
        DISCARD = "discard", "Xác nhận thư rác"
        REGISTER = "register", "Vào sổ"
        ASSIGN = "assign", "Giao xử lý"
        TRANSFER = "transfer", "Chuyển đơn vị khác"
        DECLINE = "decline", "Trả lại vì không thuộc phạm vi"
        CLASSIFY = "classify", "Phân loại"
        REJECT = "reject", "Không tiếp nhận"
        REDIRECT = "redirect", "Hướng dẫn khiếu nại, tố cáo"
        FORWARD = "forward", "Chuyển cơ quan khác"
        ASK = "ask", "Hỏi người gửi"
        REPLY = "reply", "Người gửi bổ sung"
        COLLECT = "collect", "Chưa đủ cơ sở, tiếp tục tập hợp"
        RESUME = "resume", "Xử lý tiếp"
        EXTEND = "extend", "Gia hạn"
        RECOUNT = "recount", "Tính lại hạn"
        ASSESS = "assess", "Đánh giá theo tiêu chí"
        NOTE = "note", "Ghi chú nội bộ"
        SUBMIT_ANSWER = "submit_answer", "Trình câu trả lời"
        RETURN_ANSWER = "return_answer", "Trả lại câu trả lời"
        APPROVE_ANSWER = "approve_answer", "Duyệt câu trả lời"
        ANSWER = "answer", "Trả lời"
        DISPUTE = "dispute", "Người gửi đề nghị xem lại"
        RATE = "rate", "Người gửi đánh giá"
        MERGE = "merge", "Gộp vào phản ánh trùng"
        WITHDRAW = "withdraw", "Người gửi rút"
        SUBMIT_PUBLIC = "submit_public", "Trình bản công khai"
        RETURN_PUBLIC = "return_public", "Trả lại bản công khai"
        PUBLISH = "publish", "Công khai câu trả lời"
        UNPUBLISH = "unpublish", "Gỡ câu trả lời công khai"
        REMIND = "remind", "Nhắc hạn"
        ESCALATE = "escalate", "Báo lãnh đạo vì quá hạn"
        EXPORT = "export", "Xuất dữ liệu cá nhân"
        CORRECT = "correct", "Sửa thông tin người gửi"
        RESTRICT = "restrict", "Rút đồng ý"
        ERASE = "erase", "Xóa dữ liệu cá nhân"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events", verbose_name="phản ánh")
    verb = models.CharField("việc", max_length=14, choices=Verb)
    status = models.CharField("trạng thái sau đó", max_length=10, choices=Submission.Status)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người làm", related_name="+"
    )  # nobody: the sender or the portal itself
    at = models.DateTimeField("lúc")
    remark = TextField("lý do, ý kiến", blank=True)
    # Whether the sender reads the remark on the follow-up page and in mails.
    public = models.BooleanField("người gửi đọc được", default=False)
    data = models.JSONField(default=dict, blank=True)  # units, dates and numbers before and after

    class Meta:
        verbose_name = verbose_name_plural = "lịch sử xử lý"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["submission", "at"]), models.Index(fields=["verb", "at"])]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {timezone.localtime(self.at):%d/%m/%Y %H:%M}"


class Message(models.Model):
    """A question to the sender, what the sender wrote back, or a note among staff."""

    class Audience(models.TextChoices):
        SENDER = "sender", "Trao đổi với người gửi"
        STAFF = "staff", "Ghi chú nội bộ"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="messages", verbose_name="phản ánh")
    audience = models.CharField("ai đọc được", max_length=6, choices=Audience)
    from_sender = models.BooleanField("của người gửi", default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người viết", related_name="+")
    at = models.DateTimeField("lúc")
    text = TextField("nội dung")

    class Meta:
        verbose_name = verbose_name_plural = "trao đổi, ghi chú"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {timezone.localtime(self.at):%d/%m/%Y %H:%M}"


class AccessRecord(models.Model):
    """Who opened the sender's identity or files, when and how; rows are only added (RULES F17)."""

    class How(models.TextChoices):
        VIEW = "view", "Xem hồ sơ"
        FILE = "file", "Mở tệp"
        PRINT = "print", "In, tải hồ sơ"
        EXPORT = "export", "Xuất dữ liệu"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="accesses", verbose_name="phản ánh")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người xem", related_name="+")
    at = models.DateTimeField("lúc", db_index=True)
    how = models.CharField("cách", max_length=6, choices=How)
    detail = CharField("chi tiết", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "nhật ký xem dữ liệu cá nhân"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {timezone.localtime(self.at):%d/%m/%Y %H:%M}"

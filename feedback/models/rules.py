"""What the office sets: how long answers take, what is kept how long, and a few switches."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from portal.fields import CharField, TextField
from portal.models import Unit
from portal.querysets import DatedQuerySet


class TimeClass(models.TextChoices):
    """The classes that have a time limit of their own (RULES F14)."""

    ORDINARY = "ordinary", "Thông thường"
    CONDUCT = "conduct", "Hành vi hành chính"
    COMPLEX = "complex", "Phức tạp"


class AnswerTime(models.Model):
    """Within how many working days a class is answered, from a day on.

    NĐ 20/2008 sets no time for the answer, so the department sets it; cases keep what held on the day they came.
    """

    time_class = models.CharField("loại", max_length=10, choices=TimeClass)
    working_days = models.PositiveSmallIntegerField("số ngày làm việc")
    first_on = models.DateField("áp dụng từ ngày")
    last_on = models.DateField("đến hết ngày", null=True, blank=True)
    basis = CharField("căn cứ", max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thời hạn trả lời"
        ordering = ["time_class", "-first_on"]
        constraints = [
            models.CheckConstraint(name="answer_time_of_a_day_or_more", condition=Q(working_days__gte=1)),
            models.CheckConstraint(
                name="answer_time_in_order",
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            ),
            models.UniqueConstraint(
                name="answer_time_once_from_a_day",
                fields=["time_class", "first_on"],
                violation_error_message="Loại này đã có thời hạn áp dụng từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_time_class_display()}: {self.working_days} ngày làm việc"


class RetentionRule(models.Model):
    """How many months after closing the data of a class is kept, then erased (Luật 91/2025 Đ14; RULES D5)."""

    class Kind(models.TextChoices):
        ANSWERED = "answered", "Đã trả lời"
        FORWARDED = "forwarded", "Đã chuyển cơ quan khác"
        REJECTED = "rejected", "Không tiếp nhận, rút, gộp"
        SPAM = "spam", "Thư rác"

    kind = models.CharField("loại", max_length=10, choices=Kind, unique=True)
    months = models.PositiveSmallIntegerField("số tháng giữ sau khi kết thúc")
    basis = CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thời hạn lưu dữ liệu cá nhân"
        ordering = ["kind"]
        constraints = [models.CheckConstraint(name="retention_of_a_month_or_more", condition=Q(months__gte=1))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.months} tháng"


class FeedbackSettings(models.Model):
    """The one row of switches and numbers of the feedback pages."""

    challenge = models.BooleanField(
        "thêm câu hỏi chống gửi tự động", default=False, help_text="Chỉ bật khi trang bị gửi rác hàng loạt."
    )
    most_a_day_from_address = models.PositiveSmallIntegerField("số lượt gửi mỗi ngày từ một địa chỉ mạng", default=20)
    most_a_day_from_contact = models.PositiveSmallIntegerField("số lượt gửi mỗi ngày của một người", default=5)
    dispute_days = models.PositiveSmallIntegerField("số ngày được đề nghị xem lại câu trả lời", default=15)
    remind_before_days = models.PositiveSmallIntegerField("nhắc trước hạn (ngày làm việc)", default=2)
    escalate_after_days = models.PositiveSmallIntegerField("báo lãnh đạo sau khi quá hạn (ngày làm việc)", default=1)
    complaints_address = TextField(
        "nơi nhận khiếu nại, tố cáo",
        blank=True,
        help_text="Hiện trước biểu mẫu: địa chỉ, giờ tiếp công dân, điện thoại.",
    )
    data_protection_contact = CharField("đầu mối bảo vệ dữ liệu cá nhân", max_length=300, blank=True)
    signer_authority = CharField(
        "thẩm quyền ký giấy tiếp nhận, phiếu chuyển, thông báo",
        max_length=60,
        default="TL. GIÁM ĐỐC",
        blank=True,
        help_text="Dòng trên chức vụ: TL., KT. hoặc TUQ. Để trống khi Giám đốc ký.",
    )
    signer_post = CharField("chức vụ người ký", max_length=60, default="CHÁNH VĂN PHÒNG")

    class Meta:
        verbose_name = verbose_name_plural = "cài đặt phản ánh, kiến nghị"
        constraints = [models.CheckConstraint(name="feedback_settings_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return "Cài đặt phản ánh, kiến nghị"

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Self:
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class CannedAnswer(models.Model):
    """A text that officers start from; words in {braces} are filled in from the case."""

    title = CharField("tên mẫu", max_length=150)
    text = TextField("nội dung", help_text="Dùng được: {ho_ten}, {ma}, {so}, {thu_tuc}, {ngay_nhan}, {han}, {don_vi}.")
    unit = models.ForeignKey(
        Unit,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="đơn vị",
        related_name="+",
        help_text="Để trống: mọi đơn vị dùng.",
    )
    active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu câu trả lời"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

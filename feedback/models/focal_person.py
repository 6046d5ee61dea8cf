"""Who answers for feedback: the published list of addresses is the table by which it is routed (NĐ 20/2008 Đ10)."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from feedback.querysets import FocalPersonQuerySet
from portal.fields import CharField
from portal.models import Unit, User
from procedures.models import Field, Procedure


class FocalPerson(models.Model):
    """Whom a unit names for feedback in some fields, from a day to a day."""

    name = CharField("họ tên hoặc vị trí", max_length=150, help_text="Ví dụ: Cán bộ đầu mối - Văn phòng Sở")
    job_title = CharField("chức vụ", max_length=150, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="focal_persons")
    fields = models.ManyToManyField(
        Field,
        blank=True,
        verbose_name="lĩnh vực",
        related_name="focal_persons",
        help_text="Lĩnh vực nhận phản ánh. Để trống: nhận việc chung của đơn vị.",
    )
    procedures = models.ManyToManyField(
        Procedure,
        blank=True,
        verbose_name="thủ tục giao riêng",
        related_name="focal_persons",
        help_text="Thủ tục giao cho người này dù lĩnh vực do người khác nhận.",
    )
    receives_rest = models.BooleanField(
        "nhận phản ánh chưa rõ nơi xử lý", default=False, help_text="Thường là đầu mối của Văn phòng Sở."
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name="tài khoản", related_name="focal_seats"
    )
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="người thay", related_name="deputy_for"
    )
    phone = CharField(
        "điện thoại chuyên dùng", max_length=40, blank=True, help_text="Số công khai để nhận phản ánh (NĐ 20/2008 Đ10)."
    )
    email = models.EmailField("thư điện tử", blank=True)
    address = CharField("địa chỉ thư tín", max_length=300, blank=True)
    hours = CharField("giờ làm việc", max_length=200, blank=True)
    answers_within = CharField("bao lâu có câu trả lời", max_length=150, blank=True)
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến hết ngày", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=100)

    objects = FocalPersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đầu mối tiếp nhận"
        ordering = ["unit__order", "order", "first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="focal_person_in_order",
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_active(self, on: date) -> bool:
        return self.first_on <= on and (self.last_on is None or self.last_on >= on)

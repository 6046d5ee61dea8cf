"""The ground's nouns: who works here, for which organisation, on which days."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from post_office.models import Email

from portal.fields import CharField, URLField


class Unit(models.Model):
    """A phòng, centre or chi cục of the department."""

    name = CharField("tên đơn vị", max_length=200, unique=True)
    short_name = CharField("tên gọi tắt", max_length=80, blank=True)
    phone = CharField("điện thoại", max_length=40, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    address = CharField("địa chỉ", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField(
        "đang hoạt động", default=True, help_text="Bỏ chọn khi đơn vị đã giải thể hoặc sáp nhập; tên cũ vẫn được giữ."
    )

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="đơn vị", related_name="users")
    job_title = CharField("chức vụ", max_length=150, blank=True)
    phone = CharField("điện thoại", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tài khoản"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Return the name in the Vietnamese order, family name first."""
        return f"{self.last_name} {self.first_name}".strip()


class Organisation(models.Model):
    """The one row that names the department; all that a merger of provinces changes."""

    name = CharField("tên cơ quan", max_length=200, help_text="Ví dụ: Sở Khoa học và Công nghệ")
    place = CharField("tỉnh, thành phố", max_length=100, help_text="Ví dụ: tỉnh Bà Rịa - Vũng Tàu")
    place_in_documents = CharField(
        "địa danh trong văn bản",
        max_length=100,
        help_text="Đứng trước ngày tháng của văn bản, ví dụ: Bà Rịa - Vũng Tàu",
    )
    site_name = CharField("tên trang", max_length=120, default="Cải cách hành chính - Kiểm soát thủ tục")
    parent = CharField("cơ quan chủ quản", max_length=200, help_text="Ví dụ: UBND tỉnh Bà Rịa - Vũng Tàu")
    document_symbol = CharField("ký hiệu văn bản", max_length=40, help_text="Ví dụ: SKHCN")
    address = CharField("địa chỉ", max_length=300, blank=True)
    phone = CharField("điện thoại", max_length=40, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    help_phone = CharField(
        "điện thoại hướng dẫn", max_length=40, blank=True, help_text="Số người dân gọi khi cần hỏi về thủ tục."
    )
    working_hours = CharField("giờ làm việc", max_length=200, blank=True)
    reception_name = CharField("nơi nộp hồ sơ", max_length=200, blank=True, help_text="Ví dụ: Bộ phận Một cửa")
    reception_address = CharField("địa chỉ nơi nộp hồ sơ", max_length=300, blank=True)
    responsible = CharField("chịu trách nhiệm nội dung", max_length=200, blank=True)
    slogan = CharField("khẩu hiệu", max_length=200, blank=True)
    national_portal_url = URLField(
        "Cổng Dịch vụ công quốc gia", default="https://dichvucong.gov.vn/", help_text="Nơi nộp hồ sơ trực tuyến."
    )

    class Meta:
        verbose_name = verbose_name_plural = "thông tin cơ quan"
        constraints = [
            models.CheckConstraint(
                name="organisation_one_row",
                condition=models.Q(pk=1),
                violation_error_message="Chỉ có một dòng thông tin cơ quan.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.place}".strip()

    @property
    def short_name(self) -> str:
        """The name for titles: "Sở Khoa học và Công nghệ" is "Sở KH&CN"; one without "và" stays whole."""
        kind, _, rest = self.name.partition(" ")
        if " và " not in rest:
            return self.name
        return f"{kind} " + "".join("&" if word == "và" else word[0].upper() for word in rest.split())

    @classmethod
    def current(cls) -> Self:
        """Return the department's row; an empty one where nobody has filled it in yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class CalendarDay(models.Model):
    """A day on which the office corrects the ordinary calendar (BLLĐ 45/2019 Đ111-112)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Nghỉ lễ, tết"
        MAKE_UP = "make_up", "Nghỉ bù"
        SWAP_OFF = "swap_off", "Nghỉ hoán đổi"
        SWAP_WORK = "swap_work", "Làm bù"

    day = models.DateField("ngày", unique=True)
    kind = models.CharField("loại ngày", max_length=10, choices=Kind)
    note = CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ngày nghỉ, ngày làm bù"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.get_kind_display()}"

    @property
    def is_working(self) -> bool:
        return self.kind == self.Kind.SWAP_WORK


class ConfirmedYear(models.Model):
    """A year whose days off the government has fixed and the office has checked here (BLLĐ 45/2019 Đ112.3)."""

    year = models.PositiveSmallIntegerField("năm", unique=True)
    basis = CharField("căn cứ", max_length=300, blank=True, help_text="Ví dụ: số và ngày của thông báo lịch nghỉ.")

    class Meta:
        verbose_name = verbose_name_plural = "năm đã xác nhận lịch nghỉ"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"năm {self.year}"


class SearchState(models.Model):
    """The one row that orders the changes and names this database to the indexes made from it."""

    token = models.UUIDField(default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.token)

    @classmethod
    def lock(cls) -> None:
        """Let the transactions that call this run one after another; on SQLite each is alone anyway."""
        cls.objects.select_for_update().get_or_create(pk=1)


class SearchChange(models.Model):
    """A row that the search index has yet to take in; each machine follows the same sequence.

    The number of the latest one is also the version of everything public that is derived from
    the rows (lists, counts), so that a copy kept by a process knows when it is stale.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} {self.object_id}"

    @classmethod
    def record(cls, kind: str, object_id: int) -> None:
        """Leave a change for the index, in the transaction that makes the change."""
        cls.record_all(kind, [object_id])

    @classmethod
    def record_all(cls, kind: str, object_ids: Iterable[int]) -> None:
        """Leave several changes at once."""
        with transaction.atomic():
            # Locking one row makes numbers appear in their order, so that a reader that stands
            # at number n never misses a smaller one that was committed later.
            SearchState.lock()
            changes = (SearchChange(kind=kind, object_id=pk) for pk in object_ids)
            SearchChange.objects.bulk_create(changes, batch_size=1000)

    @classmethod
    def latest_number(cls) -> int:
        return cls.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class SearchSynonym(models.Model):
    """Words that people type and the words that the procedures use for them."""

    phrase = CharField("từ người dân dùng", max_length=100, unique=True, help_text="Ví dụ: SHTT")
    meaning = CharField("từ trong thủ tục", max_length=200, help_text="Ví dụ: sở hữu trí tuệ")

    class Meta:
        verbose_name = verbose_name_plural = "từ đồng nghĩa khi tìm kiếm"
        ordering = ["phrase"]

    def __str__(self) -> str:
        return f"{self.phrase} → {self.meaning}"


class SearchMiss(models.Model):
    """How often a search found nothing on a day. Numbers that could name a person are left out."""

    query = CharField("từ khóa", max_length=100)
    day = models.DateField("ngày")
    count = models.PositiveIntegerField("số lần", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "tìm kiếm không có kết quả"
        ordering = ["-day", "-count"]
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="search_miss_once_a_day")]

    def __str__(self) -> str:
        return self.query


class Lease(models.Model):
    """Work that only one process at a time may do, whichever machine it runs on, until a moment."""

    name = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class AttemptCount(models.Model):
    """How often something was tried on a day. The key is a keyed hash, so that it names nobody."""

    key = models.CharField(max_length=64)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="attempt_count_once_a_day")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.day}: {self.count}"


class QueuedMail(Email):
    """A mail of the queue, in the staff's words."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "thư gửi đi"

    def __str__(self) -> str:
        # Not the address, which some may not read.
        return f"thư {self.pk}"

    @property
    def recipients(self) -> str:
        return ", ".join(self.to)


class TeamQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Those who hold their seat on the day."""
        return self.filter(models.Q(last_on=None) | models.Q(last_on__gte=day), first_on__lte=day)

    def over(self, on: date) -> Self:
        return self.filter(last_on__lt=on)


class TeamMember(models.Model):
    """One seat of the Bộ phận kiểm soát TTHC, from a day to a day; those who left stay on record."""

    name = CharField("họ tên hoặc vị trí", max_length=150, help_text="Ví dụ: Cán bộ đầu mối - Văn phòng Sở")
    role = CharField("nhiệm vụ trong bộ phận", max_length=150, help_text="Ví dụ: Trưởng bộ phận; thành viên")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="team_members")
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name="tài khoản", related_name="team_seats"
    )
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến hết ngày", null=True, blank=True)
    decision = CharField("quyết định kiện toàn", max_length=150, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "Bộ phận kiểm soát TTHC"
        ordering = ["order", "first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="team_member_in_order",
                condition=models.Q(last_on=None) | models.Q(last_on__gte=models.F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"

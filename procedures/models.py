"""The catalogue's nouns: what a citizen needs to know of an administrative procedure (NĐ 63/2010 Đ8)."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.fields import CharField, TextField, URLField
from portal.models import Unit, User
from portal.text import fold, slugify
from procedures.querysets import FeeQuerySet, ProcedureQuerySet

# National code, with the province's suffix where one is used (1.001786.000.00.00.H06).
CODE = re.compile(r"\d\.\d{6}(\.000\.00\.00\.[A-Z]\d{2})?")
SHORT_NAME_LENGTH = 80


class Field(models.Model):
    """A lĩnh vực of administration."""

    name = CharField("tên lĩnh vực", max_length=200, unique=True)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, blank=True)
    description = TextField("giới thiệu", blank=True, help_text="Một hai câu cho người dân, hiện ở trang lĩnh vực.")
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, verbose_name="đơn vị phụ trách", related_name="fields"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "lĩnh vực"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:field-detail", args=[self.slug])

    def _free_slug(self) -> str:
        base, number = slugify(self.name, 74) or "linh-vuc", 1
        slug = base
        while Field.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            number += 1
            slug = f"{base}-{number}"
        return slug


class LegalDocument(models.Model):
    """A văn bản that a procedure rests on, or the decision that publishes it."""

    number = CharField("số, ký hiệu", max_length=100, unique=True)
    title = TextField("trích yếu", blank=True)
    issuer = CharField("cơ quan ban hành", max_length=200, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "văn bản"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Procedure(models.Model):
    """A TTHC as the public sees it today, with its parts (NĐ 63/2010 Đ8.2)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        PUBLISHED = "published", "Đã công khai"

    class OnlineLevel(models.TextChoices):
        """NĐ 118/2025 Đ38, NĐ 224/2026 Đ14."""

        FULL = "full", "Toàn trình"
        PARTIAL = "partial", "Một phần"
        INFO_ONLY = "info_only", "Chỉ cung cấp thông tin"
        NONE = "none", "Chưa có trực tuyến"

    # Empty only in a draft whose source gives no code: a code is never guessed.
    code = models.CharField(
        "mã TTHC",
        max_length=30,
        unique=True,
        null=True,
        blank=True,
        validators=[
            RegexValidator(
                rf"^{CODE.pattern}$",
                "Mã có dạng 1.001786 hoặc 1.001786.000.00.00.H06.",
            )
        ],
    )
    name = TextField("tên trong quyết định công bố")
    short_name = CharField(
        "tên ngắn",
        max_length=SHORT_NAME_LENGTH,
        blank=True,
        help_text="Tên người dân dễ hiểu, tối đa 80 chữ cái; hiện trong danh sách và đầu trang.",
    )
    short_name_proposed = models.BooleanField(
        "tên ngắn do máy đề xuất", default=False, help_text="Bỏ chọn sau khi đã đọc và đồng ý với tên ngắn."
    )
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField("công khai lúc", null=True, blank=True, editable=False)

    field = models.ForeignKey(
        Field, models.PROTECT, null=True, blank=True, verbose_name="lĩnh vực", related_name="procedures"
    )
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, verbose_name="đơn vị phụ trách", related_name="procedures"
    )
    regulation_kind = CharField("loại thủ tục", max_length=200, blank=True)

    at_ministry = models.BooleanField("cấp bộ, trung ương", default=False)
    at_province = models.BooleanField("cấp tỉnh", default=False)
    at_district = models.BooleanField("cấp huyện (trước 01/7/2025)", default=False)
    at_commune = models.BooleanField("cấp xã", default=False)
    at_other = models.BooleanField("cơ quan khác", default=False)

    audience = TextField("đối tượng thực hiện", blank=True)
    for_individuals = models.BooleanField("cá nhân", default=False)
    for_businesses = models.BooleanField("doanh nghiệp, hợp tác xã", default=False)
    for_organisations = models.BooleanField("cơ quan, tổ chức khác", default=False)

    online_level = models.CharField(
        "mức độ trực tuyến",
        max_length=10,
        choices=OnlineLevel,
        blank=True,
        help_text="Để trống khi chưa có thông tin.",
    )
    portal_url = URLField("trang trên Cổng Dịch vụ công quốc gia", max_length=500, blank=True)

    steps = TextField(
        "trình tự thực hiện", blank=True, help_text="Mỗi bước bắt đầu bằng “Bước 1:”, “Bước 2:” ở đầu dòng."
    )
    requirements = TextField("yêu cầu, điều kiện", blank=True)
    dossier_sets = models.PositiveSmallIntegerField("số bộ hồ sơ", null=True, blank=True)
    results = TextField("kết quả thực hiện", blank=True, help_text="Mỗi kết quả một dòng.")
    executing_agency = TextField("cơ quan thực hiện", blank=True)
    competent_agency = TextField("cơ quan có thẩm quyền quyết định", blank=True)
    delegated_agency = TextField("cơ quan được ủy quyền", blank=True)
    coordinating_agencies = TextField("cơ quan phối hợp", blank=True)
    receiving_address = TextField("địa chỉ tiếp nhận hồ sơ", blank=True)

    keywords = TextField("từ khóa", blank=True)
    synonyms = TextField(
        "từ đồng nghĩa", blank=True, help_text="Từ người dân hay dùng cho thủ tục này, mỗi từ một dòng."
    )

    decision_number = CharField("số quyết định công bố", max_length=100, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    in_force_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    in_force_to = models.DateField(
        "có hiệu lực đến hết ngày", null=True, blank=True, help_text="Ngày cuối cùng còn áp dụng."
    )
    synced_at = models.DateTimeField("lấy từ CSDL quốc gia lúc", null=True, blank=True)
    checked_on = models.DateField("Văn phòng Sở kiểm tra ngày", null=True, blank=True)

    # What the last imports brought, so that the same record met again changes nothing.
    import_marks = models.JSONField(default=dict, blank=True, editable=False)
    # Derived on save: the admin's search without marks, and the order of lists (no leading "Thủ tục").
    folded = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=120, editable=False, default="", db_index=True)

    legal_documents = models.ManyToManyField(LegalDocument, through="LegalBasis", related_name="procedures")

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thủ tục hành chính"
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["status", "sort_key"]),
            models.Index(fields=["status", "in_force_from"], name="procedure_by_start"),
        ]
        permissions = [("publish_procedure", "Được công khai thủ tục hành chính")]
        constraints = [
            models.CheckConstraint(
                name="procedure_in_force_in_order",
                condition=Q(in_force_to=None) | Q(in_force_from=None) | Q(in_force_to__gte=F("in_force_from")),
                violation_error_message="Ngày hết hiệu lực không được trước ngày có hiệu lực.",
            ),
            models.CheckConstraint(
                name="procedure_published_has_code_and_short_name",
                condition=Q(status="draft") | (Q(code__isnull=False) & ~Q(short_name="")),
                violation_error_message="Thủ tục đã công khai phải có mã và tên ngắn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or 'chưa có mã'} {self.title}"

    def save(self, *args, **kwargs) -> None:
        self.code = self.code or None
        parts = [self.code or "", self.short_name, self.name, self.keywords, self.synonyms]
        self.folded = fold("\n".join(parts))
        self.sort_key = re.sub(r"^thu tuc:? ", "", fold(self.title))[:120]
        if update_fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*update_fields, "folded", "sort_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:procedure-detail", args=[self.code])

    @property
    def title(self) -> str:
        """The name that people read first."""
        return self.short_name or self.name

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def is_upcoming(self, on: date) -> bool:
        return bool(self.in_force_from and self.in_force_from > on)

    def is_ended(self, on: date) -> bool:
        return bool(self.in_force_to and self.in_force_to < on)

    def is_in_force(self, on: date) -> bool:
        return self.is_published and not self.is_upcoming(on) and not self.is_ended(on)


class SubmissionMethod(models.Model):
    """A cách thức thực hiện: by which channel to file, and how long it then takes."""

    class Channel(models.TextChoices):
        ONLINE = "online", "Trực tuyến"
        POSTAL = "postal", "Bưu chính"
        DIRECT = "direct", "Trực tiếp"

    class TimeUnit(models.TextChoices):
        WORKING_DAY = "working_day", "ngày làm việc"
        DAY = "day", "ngày"
        HOUR = "hour", "giờ"
        MONTH = "month", "tháng"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="methods")
    channel = models.CharField("cách nộp", max_length=10, choices=Channel)
    time_limit = models.DecimalField("thời hạn", max_digits=7, decimal_places=2, null=True, blank=True)
    time_unit = models.CharField("đơn vị thời hạn", max_length=12, choices=TimeUnit, blank=True)
    time_text = TextField("thời hạn bằng chữ", blank=True, help_text="Khi thời hạn không ghi được bằng một con số.")
    description = TextField("mô tả", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "cách thức thực hiện"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="method_time_limit_with_unit",
                # "> 0" alone is neither true nor false of nothing, and a check lets that pass.
                condition=Q(time_limit=None, time_unit="")
                | (Q(time_limit__isnull=False, time_limit__gt=0) & ~Q(time_unit="")),
                violation_error_message="Thời hạn là một số lớn hơn 0 kèm đơn vị, hoặc để trống cả hai.",
            )
        ]

    def __str__(self) -> str:
        return self.get_channel_display()


class Fee(models.Model):
    """A phí or lệ phí, dated. No row at all means that nothing is known, which is not "free"."""

    class Kind(models.TextChoices):
        FEE = "fee", "Phí"
        CHARGE = "charge", "Lệ phí"

    class State(models.TextChoices):
        AMOUNT = "amount", "Có mức thu"
        FREE = "free", "Không thu"
        UNKNOWN = "unknown", "Chưa có thông tin"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="fees")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.FEE)
    state = models.CharField("mức thu", max_length=10, choices=State, default=State.AMOUNT)
    amount = models.PositiveBigIntegerField("số tiền (đồng)", null=True, blank=True)
    note = TextField("ghi chú", blank=True, help_text="Thu cho việc gì, trường hợp nào; hoặc quy định về mức thu.")
    channel = models.CharField(
        "cách nộp",
        max_length=10,
        choices=SubmissionMethod.Channel,
        blank=True,
        help_text="Để trống khi mức thu như nhau với mọi cách nộp.",
    )
    valid_from = models.DateField("áp dụng từ", null=True, blank=True)
    valid_to = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = FeeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phí, lệ phí"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fee_amount_with_state",
                condition=Q(state="amount", amount__isnull=False, amount__gt=0) | (~Q(state="amount") & Q(amount=None)),
                violation_error_message="Ghi số tiền lớn hơn 0 khi có mức thu; để trống khi không thu hoặc chưa rõ.",
            ),
            models.CheckConstraint(
                name="fee_valid_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết áp dụng không được trước ngày áp dụng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount or self.get_state_display()}"

    def is_valid(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or self.valid_to >= on)


class FormFile(models.Model):
    """A mẫu đơn, tờ khai: a file here, or where the national database keeps it."""

    name = CharField("tên mẫu", max_length=300)
    file = models.FileField("tệp", upload_to="mau-don/", max_length=300, blank=True)
    url = URLField("địa chỉ tải", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu đơn, tờ khai"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DossierCase(models.Model):
    """A case in which other papers are asked for."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="cases")
    name = TextField("trường hợp")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "trường hợp nộp hồ sơ"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class DossierItem(models.Model):
    """A paper of the dossier, asked for in one case or, without one, always."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="items")
    case = models.ForeignKey(
        DossierCase, models.CASCADE, null=True, blank=True, verbose_name="trường hợp", related_name="items"
    )
    name = TextField("tên giấy tờ")
    originals = models.PositiveSmallIntegerField("bản chính", null=True, blank=True)
    copies = models.PositiveSmallIntegerField("bản sao", null=True, blank=True)
    form = models.ForeignKey(
        FormFile, models.SET_NULL, null=True, blank=True, verbose_name="mẫu đơn, tờ khai", related_name="items"
    )
    note = TextField("ghi chú", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "thành phần hồ sơ"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.case_id and self.case and self.case.procedure_id != self.procedure_id:
            raise ValidationError({"case": ValidationError("Trường hợp này thuộc thủ tục khác.", code="case")})


class LegalBasis(models.Model):
    """A căn cứ pháp lý: a document that a procedure rests on."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="legal_bases")
    document = models.ForeignKey(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="legal_bases")
    note = CharField("ghi chú", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "căn cứ pháp lý"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "document"],
                name="legal_basis_once",
                violation_error_message="Văn bản này đã có trong căn cứ pháp lý.",
            )
        ]

    def __str__(self) -> str:
        return str(self.document)


class ImportBatch(models.Model):
    """Files that somebody handed in by the admin: first tried, then taken in, both times on record."""

    by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name="người nhập", related_name="+")
    at = models.DateTimeField("tải lên lúc")
    files = models.JSONField("tệp", default=list)  # as the person named them
    folder = models.CharField(max_length=32, unique=True)  # of the kept files; random, so that nobody guesses it
    trial = models.JSONField("kết quả thử", default=dict)
    applied_at = models.DateTimeField("thực hiện lúc", null=True)
    result = models.JSONField("kết quả nhập", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "nhập từ tệp"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return ", ".join(self.files)

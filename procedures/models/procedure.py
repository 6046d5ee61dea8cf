"""What a citizen needs to know of an administrative procedure (NĐ 63/2010 Đ8)."""

import re
from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.fields import CharField, TextField, URLField
from portal.models import Unit
from portal.text import fold
from procedures.models.field import Field
from procedures.models.legal_document import LegalDocument
from procedures.querysets import ProcedureQuerySet

# National code, with the province's suffix where one is used (1.001786.000.00.00.H06).
CODE = re.compile(r"\d\.\d{6}(\.000\.00\.00\.[A-Z]\d{2})?")
SHORT_NAME_LENGTH = 80


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
            models.Index(fields=["status", "-in_force_from", "sort_key"], name="procedure_by_start"),
            models.Index(fields=["decision_number"], name="procedure_by_decision"),
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

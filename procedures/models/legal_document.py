"""The documents that procedures rest on, and the decisions that publish them."""

import re
from datetime import date
from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.text import fold, slugify
from procedures.querysets import DocumentQuerySet

# 63/2010/NĐ-CP, and the plan of which nothing but "KH-SKHCN (2024)" is known.
_YEAR = re.compile(r"[/(]((?:19|20)\d{2})[/)]")


class LegalDocument(models.Model):
    """A văn bản: number, issuer and days of validity; the acts themselves are dated data (RULES G1)."""

    class Kind(models.TextChoices):
        LAW = "law", "Luật"
        DECREE = "decree", "Nghị định"
        RESOLUTION = "resolution", "Nghị quyết"
        DIRECTIVE = "directive", "Chỉ thị"
        CIRCULAR = "circular", "Thông tư"
        PUBLICATION_DECISION = "publication_decision", "Quyết định công bố"
        DECISION = "decision", "Quyết định"
        PLAN = "plan", "Kế hoạch"
        OTHER = "other", "Văn bản khác"

    number = CharField("số, ký hiệu", max_length=100, unique=True)
    slug = models.SlugField("đường dẫn", max_length=110, unique=True, null=True, editable=False)
    kind = models.CharField("loại văn bản", max_length=24, choices=Kind, default=Kind.OTHER)
    title = TextField("trích yếu", blank=True)
    issuer = CharField("cơ quan ban hành", max_length=200, blank=True)
    signer = CharField("chức vụ người ký", max_length=200, blank=True, help_text="Ví dụ: Chủ tịch UBND tỉnh")
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("có hiệu lực đến hết ngày", null=True, blank=True)
    checked_on = models.DateField(
        "kiểm tra hiệu lực ngày",
        null=True,
        blank=True,
        help_text="Ngày gần nhất đã đối chiếu là văn bản còn hiệu lực, hoặc đã hết hiệu lực như ghi ở trên.",
    )
    note = TextField("ghi chú cho người đọc", blank=True, help_text="Ví dụ: phần nào chưa đối chiếu được với bản gốc.")
    year = models.PositiveSmallIntegerField("năm ban hành", null=True, editable=False, db_index=True)  # where known
    folded = models.TextField(editable=False, default="")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "văn bản"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="legal_document_valid_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết hiệu lực không được trước ngày có hiệu lực.",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or self._free_slug()
        self.year = self.issued_on.year if self.issued_on else year_in(self.number)
        self.folded = fold("\n".join([self.number, self.title, self.issuer]))
        if update_fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*update_fields, "slug", "year", "folded"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:document-detail", args=[self.slug])

    def is_upcoming(self, on: date) -> bool:
        return bool(self.valid_from and self.valid_from > on)

    def is_lapsed(self, on: date) -> bool:
        return bool(self.valid_to and self.valid_to < on)

    def is_in_force(self, on: date) -> bool:
        """Whether it is known to be in force: since its first day, or since somebody looked it up."""
        since = self.valid_from or self.checked_on
        return since is not None and since <= on and not self.is_lapsed(on)

    def _free_slug(self) -> str:
        """63/2010/NĐ-CP is found at 63-2010-nd-cp."""
        base, number = slugify(self.number.replace("/", "-"), 100) or "van-ban", 1
        slug = base
        while LegalDocument.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            number += 1
            slug = f"{base}-{number}"
        return slug


def year_in(number: str) -> int | None:
    """Return the year of issue that a number itself tells."""
    found = _YEAR.search(number)
    return int(found[1]) if found else None


class DocumentRelation(models.Model):
    """What one document does to another; read from the other end as well."""

    class Kind(models.TextChoices):
        AMENDS = "amends", "Sửa đổi, bổ sung"
        REPLACES = "replaces", "Thay thế"
        REPEALS = "repeals", "Bãi bỏ"
        GUIDES = "guides", "Hướng dẫn, thi hành"

    document = models.ForeignKey(LegalDocument, models.CASCADE, verbose_name="văn bản", related_name="relations")
    kind = models.CharField("quan hệ", max_length=10, choices=Kind)
    target = models.ForeignKey(
        LegalDocument, models.CASCADE, verbose_name="văn bản bị tác động", related_name="reverse_relations"
    )
    note = CharField("ở điều, khoản", max_length=200, blank=True, help_text="Ví dụ: Điều 40 khoản 5.")

    class Meta:
        verbose_name = verbose_name_plural = "quan hệ với văn bản khác"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "target"],
                name="document_relation_once",
                violation_error_message="Quan hệ này đã có.",
            ),
            models.CheckConstraint(
                name="document_relation_to_another",
                condition=~Q(document=F("target")),
                violation_error_message="Văn bản không có quan hệ với chính nó; chọn văn bản khác.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_kind_display().lower()} {self.target}"


def stored_name(instance: models.Model, filename: str) -> str:
    """Return a name that nobody can guess or overwrite; people see the file's title."""
    return f"van-ban/{uuid4().hex}{PurePath(filename).suffix.casefold()}"


class DocumentFile(models.Model):
    """A file of a document: the scan that was signed, an annex, a form; with its text where there is one."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, verbose_name="văn bản", related_name="files")
    title = CharField("tên tệp", max_length=300, help_text="Ví dụ: Toàn văn; Phụ lục I.")
    file = models.FileField("tệp", upload_to=stored_name, max_length=300, blank=True)
    text = TextField("nội dung chữ", blank=True, help_text="Bản chữ của tệp, để đọc được khi không mở được bản chụp.")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "tệp, nội dung"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if not self.file and not self.text:
            raise ValidationError("Chọn tệp hoặc ghi nội dung chữ.", code="empty")

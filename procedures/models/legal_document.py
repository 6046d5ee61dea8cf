"""The documents that procedures rest on, and the decisions that publish them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.text import fold, slugify


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
    folded = models.TextField(editable=False, default="")

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
        self.folded = fold("\n".join([self.number, self.title, self.issuer]))
        if update_fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*update_fields, "slug", "folded"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:document-detail", args=[self.slug])

    def is_upcoming(self, on: date) -> bool:
        return bool(self.valid_from and self.valid_from > on)

    def is_lapsed(self, on: date) -> bool:
        return bool(self.valid_to and self.valid_to < on)

    def _free_slug(self) -> str:
        """63/2010/NĐ-CP is found at 63-2010-nd-cp."""
        base, number = slugify(self.number.replace("/", "-"), 100) or "van-ban", 1
        slug = base
        while LegalDocument.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            number += 1
            slug = f"{base}-{number}"
        return slug

"""Fields of administration (lĩnh vực)."""

from django.db import models
from django.urls import reverse

from portal.fields import CharField, TextField
from portal.models import Unit
from portal.text import slugify


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

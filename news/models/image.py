"""Pictures: the original apart, and the sizes that pages show."""

from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage, storages
from django.db import models
from django.utils import timezone

from portal.fields import CharField
from portal.models import User

FOLDER = "anh"  # in public media, and among the originals


def originals():
    return storages["originals"]


def original_name(instance: models.Model, filename: str) -> str:
    """Return a name that nobody can guess or overwrite."""
    return f"{FOLDER}/{uuid4().hex}{PurePath(filename).suffix.casefold()}"


def new_name() -> str:
    return uuid4().hex


def size_name(name: str, width: int, kind: str) -> str:
    """Return the name of one size's file in public media."""
    return f"{FOLDER}/{name}/{width}.{kind}"


def height_of(size_width: int, width: int, height: int) -> int:
    return max(1, round(height * size_width / width))


class Image(models.Model):
    """A picture that was checked, turned upright, freed of what the camera wrote, and made in several sizes.

    The sizes are `anh/<name>/<width>.webp` and `.jpg` in public media, for each width in `widths`.
    """

    name = models.CharField(max_length=32, unique=True, default=new_name, editable=False)
    original = models.FileField("bản gốc", storage=originals, upload_to=original_name, max_length=200, editable=False)
    width = models.PositiveIntegerField("rộng", editable=False)  # pixels of the original, upright
    height = models.PositiveIntegerField("cao", editable=False)
    widths = models.JSONField(default=list, editable=False)  # of the sizes made, ascending
    alt = CharField(
        "mô tả cho người không xem được ảnh", max_length=300, blank=True, help_text="Ảnh cho thấy gì, trong một câu."
    )
    decorative = models.BooleanField("ảnh trang trí", default=False, help_text="Chọn khi ảnh không mang thông tin.")
    caption = CharField("chú thích", max_length=300, blank=True)
    credit = CharField("nguồn ảnh", max_length=150, blank=True, help_text="Ví dụ: Trung tâm TT&ƯD KH&CN")
    # Whose folder it lies in.
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, verbose_name="người tải lên", related_name="+"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.alt or self.caption or f"Ảnh {self.pk}"

    def clean(self) -> None:
        if not self.alt and not self.decorative:
            raise ValidationError({"alt": "Mô tả ảnh trong một câu, hoặc chọn “ảnh trang trí”."}, code="required")

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of each size made, in pixels, the smallest first."""
        return [(width, height_of(width, self.width, self.height)) for width in self.widths]

    def size(self, width: int) -> tuple[int, int]:
        """Return the smallest size at least that wide, or the widest there is."""
        return next((size for size in self.sizes if size[0] >= width), self.sizes[-1])

    def file(self, width: int, kind: str = "jpg") -> str:
        """Return the name in public media of the size that `size` returns."""
        return size_name(self.name, self.size(width)[0], kind)

    def url(self, width: int, kind: str = "jpg") -> str:
        return default_storage.url(self.file(width, kind))

    def srcset(self, kind: str) -> str:
        return ", ".join(f"{self.url(width, kind)} {width}w" for width in self.widths)

    @property
    def legend(self) -> str:
        """What stands below the picture: its caption and who made it."""
        credit = f"Ảnh: {self.credit}" if self.credit else ""
        if not (self.caption and credit):
            return self.caption or credit
        return f"{self.caption.rstrip('.')}. {credit}"

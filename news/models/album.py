"""Albums of photos (hình ảnh)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from news.models.article import Article, Section
from news.models.image import Image
from news.models.publication import Publication
from news.querysets import PublicationQuerySet
from portal.fields import CharField, TextField


class Album(Publication):
    title = CharField("tên album", max_length=200)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, null=True, editable=False)
    lead = TextField("giới thiệu", max_length=500, blank=True)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, verbose_name="chuyên mục", related_name="albums"
    )
    articles = models.ManyToManyField(Article, blank=True, verbose_name="hiện trong tin, bài", related_name="albums")

    objects = PublicationQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = verbose_name_plural = "album ảnh"
        ordering = ["-pk"]
        permissions = [("publish_album", "Được duyệt, đăng và gỡ album ảnh")]
        indexes = [models.Index(fields=["status", "-publish_at"])]
        constraints = [
            *Publication.Meta.constraints,
            models.CheckConstraint(
                name="album_public_has_address", condition=~Q(status="published") | Q(slug__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:album", args=[self.slug])


class AlbumPhoto(models.Model):
    album = models.ForeignKey(Album, models.CASCADE, related_name="photos", verbose_name="album")
    image = models.ForeignKey(Image, models.PROTECT, related_name="album_photos", verbose_name="ảnh")
    order = models.PositiveIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh trong album"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["album", "image"], name="album_photo_once")]

    def __str__(self) -> str:
        return str(self.image)

"""Sections of the column and their articles (plan II.2; RULES N1, N2)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from news.models.image import Image
from news.models.publication import Publication
from news.querysets import ArticleQuerySet
from portal.fields import CharField, TextField, URLField
from portal.models import User
from portal.richtext import RichTextField
from procedures.models import LegalDocument, Procedure, ProcedureChange


class Section(models.Model):
    """A chuyên mục con of the column "CCHC - Kiểm soát TTHC"."""

    name = CharField("tên chuyên mục", max_length=100, unique=True)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True, help_text="Không đổi sau khi đã có bài đăng.")
    description = CharField("giới thiệu", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "chuyên mục"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("news:section", args=[self.slug])


class Tag(models.Model):
    name = CharField("từ khóa", max_length=60, unique=True)
    slug = models.SlugField("đường dẫn", max_length=80, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "từ khóa"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Article(Publication):
    """A tin or a bài."""

    class Kind(models.TextChoices):
        NEWS = "news", "Tin"
        FEATURE = "feature", "Bài"
        NOTICE = "notice", "Thông báo"

    kind = models.CharField("thể loại", max_length=10, choices=Kind, default=Kind.NEWS)
    title = CharField("tiêu đề", max_length=200, help_text="Nên không quá 90 chữ cái.")
    # Given when first published, then kept: addresses never change.
    slug = models.SlugField("đường dẫn", max_length=80, null=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    lead = TextField("tóm tắt", max_length=500, blank=True, help_text="Một hai câu đứng đầu bài và trong danh sách.")
    body = RichTextField("nội dung", blank=True)
    section = models.ForeignKey(Section, models.PROTECT, verbose_name="chuyên mục", related_name="articles")
    tags = models.ManyToManyField(Tag, blank=True, verbose_name="từ khóa", related_name="articles")
    cover = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, verbose_name="ảnh đại diện", related_name="covers"
    )
    procedures = models.ManyToManyField(
        Procedure, blank=True, verbose_name="thủ tục liên quan", related_name="articles"
    )
    documents = models.ManyToManyField(
        LegalDocument, blank=True, verbose_name="văn bản liên quan", related_name="articles"
    )
    changes = models.ManyToManyField(
        ProcedureChange, blank=True, verbose_name="thay đổi liên quan", related_name="articles"
    )
    source = CharField("nguồn", max_length=200, blank=True, help_text="Khi dẫn lại tin của cơ quan khác.")
    featured = models.BooleanField("bài nổi bật", default=False)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = verbose_name_plural = "tin, bài"
        ordering = ["-pk"]
        permissions = [("publish_article", "Được duyệt, đăng và gỡ tin, bài")]
        indexes = [
            models.Index(fields=["status", "-publish_at"]),
            models.Index(fields=["section", "status", "-publish_at"]),
        ]
        constraints = [
            *Publication.Meta.constraints,
            models.UniqueConstraint(fields=["year", "slug"], name="article_one_an_address"),
            models.CheckConstraint(
                name="article_public_has_address", condition=~Q(status="published") | Q(slug__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public address; only what was once approved has one."""
        return reverse("news:article", args=[self.year, self.slug])


class Placement(models.Model):
    """Where else an article appeared: counted by channel for the reports (RULES N1, N4)."""

    class Channel(models.TextChoices):
        UNIT_SITE = "unit_site", "Trang của đơn vị trực thuộc"
        SOCIAL = "social", "Mạng xã hội"
        PRESS = "press", "Báo, tạp chí"
        BROADCAST = "broadcast", "Phát thanh, truyền hình"
        PRINT = "print", "Ấn phẩm, bản tin in"
        OTHER = "other", "Kênh khác"

    article = models.ForeignKey(Article, models.CASCADE, related_name="placements", verbose_name="tin, bài")
    channel = models.CharField("kênh", max_length=10, choices=Channel)
    name = CharField("tên kênh", max_length=150, help_text="Ví dụ: Zalo của Sở; Báo Bà Rịa - Vũng Tàu")
    url = URLField("địa chỉ", blank=True)
    placed_on = models.DateField("ngày đăng")

    class Meta:
        verbose_name = verbose_name_plural = "đăng ở kênh khác"
        ordering = ["placed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.placed_on:%d/%m/%Y}"


class UnsavedArticle(models.Model):
    """What a person has typed and not yet saved, kept by the editor page by itself."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="unsaved")
    content = models.JSONField()  # the form's fields as typed
    edit_number = models.PositiveIntegerField(default=0)  # of the article when typing began
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "bản chưa lưu"
        constraints = [
            models.UniqueConstraint(fields=["user", "article"], name="unsaved_one_a_person"),
            models.UniqueConstraint(fields=["user"], condition=Q(article=None), name="unsaved_new_one_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {timezone.localtime(self.saved_at):%d/%m/%Y %H:%M}"


class Editing(models.Model):
    """Who has the editor page of an article open, as long as it keeps saying so."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, related_name="editings")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "đang mở để sửa"
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="editing_one_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"

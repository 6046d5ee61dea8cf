"""Bulletins (bản tin): what a period brought, arranged as a printable issue."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from news.models.article import Article
from news.models.image import Image
from news.models.publication import Publication
from news.querysets import PublicationQuerySet
from portal.fields import CharField, TextField
from procedures.models import ProcedureChange, Subscription


class Bulletin(Publication):
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("số")
    title = CharField("tên bản tin", max_length=200, default="Bản tin Kiểm soát thủ tục hành chính")
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến ngày")
    intro = TextField("lời giới thiệu", max_length=1000, blank=True)
    cover = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, verbose_name="ảnh bìa", related_name="bulletins"
    )
    mail = models.BooleanField("gửi thư cho người đăng ký", default=True)
    mailed_at = models.DateTimeField(null=True, editable=False)  # when the readers were noted

    objects = PublicationQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = verbose_name_plural = "bản tin"
        ordering = ["-year", "-number"]
        permissions = [("publish_bulletin", "Được duyệt, đăng và gỡ bản tin")]
        constraints = [
            *Publication.Meta.constraints,
            models.UniqueConstraint(
                fields=["year", "number"], name="bulletin_number_once", violation_error_message="Số này đã có."
            ),
            models.CheckConstraint(
                name="bulletin_period_in_order",
                condition=Q(last_on__gte=models.F("first_on")),
                violation_error_message="Chọn ngày cuối không trước ngày đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} số {self.number}/{self.year}"

    @property
    def slug(self) -> str:
        return f"{self.number}-{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("news:bulletin", args=[self.number, self.year])


class BulletinItem(models.Model):
    """An article or a change, in its place in the issue."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="items")
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="bulletin_items", verbose_name="tin, bài"
    )
    change = models.ForeignKey(
        ProcedureChange, models.PROTECT, null=True, blank=True, related_name="bulletin_items", verbose_name="thay đổi"
    )
    full = models.BooleanField("in cả bài", default=False, help_text="Bỏ chọn: chỉ in tóm tắt và địa chỉ.")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "mục của bản tin"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="bulletin_item_is_one_thing",
                condition=Q(article__isnull=False, change=None) | Q(article=None, change__isnull=False),
                violation_error_message="Chọn một tin, bài hoặc một thay đổi.",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "article"], name="bulletin_article_once", violation_error_message="Bài này đã có."
            ),
            models.UniqueConstraint(
                fields=["bulletin", "change"],
                name="bulletin_change_once",
                violation_error_message="Thay đổi này đã có.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.change)


class BulletinDelivery(models.Model):
    """That one subscriber gets one bulletin, and whether its mail stands in the queue already."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="bulletin_deliveries")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "bản tin gửi đi"
        constraints = [models.UniqueConstraint(fields=["bulletin", "subscription"], name="bulletin_delivery_once")]

    def __str__(self) -> str:
        return f"{self.bulletin} → {self.subscription_id}"

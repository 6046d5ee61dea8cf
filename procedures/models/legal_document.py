"""The documents that procedures rest on."""

from django.db import models

from portal.fields import CharField, TextField


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

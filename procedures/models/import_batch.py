"""What staff handed in for import."""

from django.db import models

from portal.models import User


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

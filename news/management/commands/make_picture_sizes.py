"""Make the sizes of all pictures anew, and delete files that belong to none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from news import pictures
from news.models import Image


class Command(BaseCommand):
    help = "Làm lại các cỡ ảnh từ bản gốc và xóa tệp không thuộc ảnh nào."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="Chỉ làm ảnh còn thiếu cỡ.")

    def handle(self, *args: Any, **options: Any) -> None:
        made = failed = 0
        for image in Image.objects.order_by("pk").iterator():
            if options["missing"] and pictures.has_all_sizes(image):
                continue
            try:
                pictures.remake(image)
                made += 1
            except Exception as error:  # One lost original does not keep the others from being made.
                failed += 1
                self.stderr.write(f"{image.pk}: {error}")
        swept = pictures.sweep(timezone.now())
        self.stdout.write(f"Đã làm lại {made} ảnh, {failed} ảnh chưa làm được; xóa tệp của {swept} ảnh không còn.")

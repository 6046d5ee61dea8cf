"""Encrypt personal data anew with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from feedback import rekeying


class Command(BaseCommand):
    help = "Mã hóa lại dữ liệu cá nhân bằng khóa đứng đầu PERSONAL_DATA_KEYS. Dừng giữa chừng rồi chạy lại được."

    def handle(self, *args: Any, **options: Any) -> None:
        done = rekeying.Rekeyed()
        with tqdm(total=rekeying.row_count(), disable=None, unit=" dòng", file=self.stderr) as progress:
            for number in rekeying.rekey(done):
                progress.update(number)
        self.stdout.write(f"Đã xem {done.rows} dòng, mã hóa lại {done.written} dòng.")
        if done.unreadable:
            raise CommandError(
                f"Còn {done.unreadable} dòng không khóa nào mở được. Giữ lại khóa cũ và thêm khóa còn thiếu vào "
                "PERSONAL_DATA_KEYS rồi chạy lại."
            )
        self.stdout.write("Mọi dòng đã dùng khóa mới. Có thể bỏ các khóa cũ khỏi PERSONAL_DATA_KEYS.")

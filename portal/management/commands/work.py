"""`manage.py work`: the only background process."""

import fcntl
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import worker


class Command(BaseCommand):
    help = "Làm các việc chạy nền (cập nhật chỉ mục tìm kiếm) cho đến khi nhận tín hiệu dừng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Làm một lượt rồi kết thúc.")

    def handle(self, *args, **options) -> None:
        with open(settings.DATA_DIR / "work.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CommandError("Đang có một tiến trình work khác trên máy này.") from error
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            worker.work(stop, once=options["once"])

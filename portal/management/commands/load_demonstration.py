"""`manage.py load_demonstration`: what a first start shows."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

import procedures.demonstration
from feedback.demonstration import cases, focal_persons, surveys
from news.demonstration import albums, articles, bulletins, internal, plan
from portal import demonstration
from portal.models import User
from procedures.models import Procedure
from reports.demonstration import difficulties, returns, sent


class Command(BaseCommand):
    help = "Nạp nội dung minh họa: cơ quan, đơn vị, thủ tục và, khi DEBUG=yes, mỗi vai trò một tài khoản."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Chỉ nạp khi chưa có thủ tục nào.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["if_empty"] and Procedure.objects.exists()):
            self.load()
        if settings.DEBUG:
            self.show_accounts()

    @transaction.atomic
    def load(self) -> None:
        # All or nothing: what an interrupted start left would look like somebody's own content to the next one.
        demonstration.load_organisation()
        if settings.DEBUG:
            demonstration.load_accounts()
        else:
            self.stderr.write("Không tạo tài khoản minh họa: mật khẩu của chúng ai cũng biết, chỉ dùng khi DEBUG=yes.")
        with tqdm(desc="Thủ tục minh họa", unit=" thủ tục", leave=False) as bar:
            count = procedures.demonstration.load(at=timezone.now(), progress=partial(_show, bar))
        articles.load()
        albums.load()
        bulletins.load()
        internal.load(at=timezone.now(), people=settings.DEBUG)
        plan.load(at=timezone.now())
        focal_persons.load()
        cases.load(at=timezone.now())
        surveys.load(at=timezone.now())
        # Last: compiled figures count what stands above.
        returns.load(at=timezone.now())
        difficulties.load(at=timezone.now())
        with tqdm(desc="Báo cáo minh họa", unit=" báo cáo", leave=False) as bar:
            sent.load(progress=partial(_show, bar))
        self.stdout.write(f"Đã nạp {count} thủ tục minh họa.")

    def show_accounts(self) -> None:
        """Print who may log in; a password that somebody changed is not known here any more."""
        users = User.objects.in_bulk([account.username for account in demonstration.ACCOUNTS], field_name="username")
        lines = [
            (
                account.username,
                demonstration.PASSWORD if user.check_password(demonstration.PASSWORD) else "(đã đổi)",
                account.role,
            )
            for account in demonstration.ACCOUNTS
            if (user := users.get(account.username))
        ]
        if not lines:
            return
        self.stdout.write("\nTài khoản minh họa, đăng nhập ở /quan-tri/:")
        for username, password, role in [("Tên đăng nhập", "Mật khẩu", "Vai trò"), *lines]:
            self.stdout.write(f"  {username:<16}{password:<25}{role}")


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)

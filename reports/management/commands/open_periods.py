"""Open reporting periods: those that are due, or those named."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from portal.templatetags.vietnamese import viet_date
from reports import opening, periods
from reports.models import ReportingPeriod


class Command(BaseCommand):
    help = "Mở các kỳ báo cáo đến ngày mở, hoặc các kỳ ghi sau lệnh. Chạy lại nhiều lần cũng không mở hai lần."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("periods", nargs="*", metavar="KỲ", help="Ví dụ: 2024-Q3, 2024, 2024-M08, 2024-6M.")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        opened = self._open_named(options["periods"], at) if options["periods"] else opening.open_due(at)
        for period in opened:
            self.stdout.write(_said(period))
        self.stdout.write(f"Đã mở {len(opened)} kỳ." if opened else "Không có kỳ nào cần mở.")

    def _open_named(self, codes: list[str], at: Any) -> list[ReportingPeriod]:
        names = []
        for code in codes:
            try:
                names.append(periods.parse(code))
            except ValueError:
                raise CommandError(f"Không có kỳ {code!r}. Ghi như 2024-Q3, 2024, 2024-M08, 2024-6M.") from None
        opened = []
        for name in tqdm(names, disable=None, unit=" kỳ", file=self.stderr):
            if periods.find(name) is None:
                opened.append(opening.open_period(name, by=None, at=at))
        return opened


def _said(period: ReportingPeriod) -> str:
    days = f"{period}: từ {viet_date(period.first_on)} đến {viet_date(period.last_on)}"
    if period.units_due_on is None:
        return f"{days}."
    return f"{days}, {period.returns.count()} đơn vị nộp đến hết ngày {viet_date(period.units_due_on)}."

"""Compile a period and write its reports, as the office does it on the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from portal.pdf import NotAvailable
from portal.steps import Conflict
from reports import compiling, narrating, opening, periods, sending
from reports.exporting import csv, docx, pdf, xlsx
from reports.models import Report, ReportingPeriod


class Command(BaseCommand):
    help = "Tổng hợp số liệu của một kỳ, soạn các báo cáo và ghi thành tệp DOCX, PDF, XLSX, CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", metavar="KỲ", help="Ví dụ: 2024-Q3, 2024.")
        parser.add_argument("--out", required=True, type=Path, metavar="THƯ_MỤC", help="Thư mục ghi tệp.")

    def handle(self, *args: Any, **options: Any) -> None:
        period = self._period(options["period"])
        folder: Path = options["out"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"Không tạo được thư mục {folder}: {error.strerror}.") from error
        at = timezone.now()
        try:
            compilation = compiling.compile_period(period, by=None, at=at)
            drafts = list(period.reports.filter(status=Report.Status.DRAFT).select_related("report_type", "period"))
            for report in drafts:
                narrating.take_compilation(report, compilation, by=None, at=at)
        except Conflict as conflict:
            raise CommandError("Người khác đang tổng hợp hoặc gửi báo cáo của kỳ này. Chạy lại lệnh.") from conflict
        self.stdout.write(f"{period}: đã tổng hợp lần {compilation.number}.")
        for report in drafts:
            for sentence in sending.lacks(report, timezone.localdate(at)):
                self.stdout.write(f"  {sentence}")
        if not drafts:
            self.stdout.write("Các báo cáo của kỳ đã gửi và khóa; không có báo cáo nào để soạn.")
        self._write(drafts, folder)

    def _period(self, code: str) -> ReportingPeriod:
        try:
            name = periods.parse(code)
        except ValueError:
            raise CommandError(f"Không có kỳ {code!r}. Ghi như 2024-Q3, 2024, 2024-M08, 2024-6M.") from None
        return periods.find(name) or opening.open_period(name, by=None, at=timezone.now())

    def _write(self, drafts: list[Report], folder: Path) -> None:
        kinds: dict[str, Callable[[Report], bytes]] = {
            "docx": docx.content,
            "pdf": pdf.content,
            "xlsx": xlsx.content,
            "csv": lambda report: "".join(csv.report_lines(report)).encode(),
        }
        made = [(report, kind) for report in drafts for kind in kinds]
        for report, kind in tqdm(made, disable=None, unit=" tệp", file=self.stderr):
            path = folder / f"{report.report_type.key}-{report.period.code}.{kind}"
            try:
                path.write_bytes(kinds[kind](report))
            except NotAvailable as error:
                raise CommandError("Máy này chưa có thư viện Pango nên chưa vẽ được PDF.") from error
            except OSError as error:
                raise CommandError(f"Không ghi được {path}: {error.strerror}.") from error
            self.stdout.write(f"  {path}")

"""manage.py import_procedures: take procedures from files of any known format."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from procedures import importing
from procedures.importing import template

# Enough to see on a screen; the whole list is in the report file.
SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = "Nhập thủ tục hành chính từ tệp hoặc thư mục (TXT, JSON, Markdown, CSV, XLSX)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", type=Path, help="tệp hoặc thư mục")
        parser.add_argument("--dry-run", action="store_true", help="chỉ báo cáo, không lưu gì")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="ghi mọi bản ghi bị từ chối ra tệp CSV")
        parser.add_argument("--template", type=Path, metavar="FILE.xlsx", help="ghi tệp mẫu để đơn vị điền")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            options["template"].write_bytes(template.build())
            self.stdout.write(f"Đã ghi tệp mẫu {options['template']}.")
        if options["paths"]:
            self._import(options)
        elif not options["template"]:
            raise CommandError("Ghi ít nhất một tệp hoặc thư mục cần nhập.")

    def _import(self, options: dict[str, Any]) -> None:
        with ExitStack() as stack:
            bar = stack.enter_context(
                tqdm(unit="B", unit_scale=True, desc="Nhập thủ tục", disable=options["verbosity"] == 0)
            )
            problems_to = None
            if options["report"]:
                # With a mark of its encoding, or spreadsheets break the Vietnamese letters.
                problems_to = stack.enter_context(options["report"].open("w", encoding="utf-8-sig", newline=""))

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            report = importing.run(
                options["paths"],
                at=timezone.now(),
                dry_run=options["dry_run"],
                progress=progress,
                problems_to=problems_to,
            )
        self._show(report)

    def _show(self, report: importing.Report) -> None:
        for problem in report.problems[:SHOWN_PROBLEMS]:
            level = "Nhắc" if problem.warning else "Từ chối"
            where = ", ".join(part for part in (problem.file, problem.position, problem.code) if part)
            self.stdout.write(f"{level}: {where}, {problem.field}: {problem.reason}")
        more = report.refused + report.warnings - SHOWN_PROBLEMS
        if more > 0:
            self.stdout.write(f"… và {more} dòng nữa; dùng --report FILE.csv để ghi đủ.")
        head = "Chạy thử, không lưu gì: " if report.dry_run else ""
        self.stdout.write(
            f"{head}{report.new} mới, {report.changed} thay đổi, {report.proposed} đề nghị thay đổi, "
            f"{report.unchanged} không đổi, {report.refused} bị từ chối, {report.warnings} điều cần xem."
        )
        if report.proposed:
            self.stdout.write(
                "Thủ tục đã công khai giữ nguyên; Văn phòng Sở xem từng phần khác nhau ở trang quản trị, "
                "mục Đối chiếu với CSDL quốc gia."
            )

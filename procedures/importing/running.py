"""A whole import: every record of every file, and what became of it."""

import csv
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.db import DatabaseError

from portal.models import User
from procedures.importing import reading
from procedures.importing.applying import Change, Outcome, Refused, apply, shortened
from procedures.importing.records import Problem, Record

log = logging.getLogger(__name__)

# Kept in memory and shown; the rest is counted, and goes to the report file.
MOST_PROBLEMS = 1000
MOST_RECORDS = 500
# What the people who read a report see of one value.
SHOWN_LENGTH = 300

NOT_STORED = "Cơ sở dữ liệu không nhận bản ghi này nên không phần nào của bản ghi được lưu. Báo cho quản trị cổng."


@dataclass
class Report:
    """What an import did, or in a dry run would do."""

    dry_run: bool = False
    new: int = 0
    changed: int = 0
    proposed: int = 0  # published procedures: nothing of them is changed, the office decides
    unchanged: int = 0
    refused: int = 0  # records and files that were not taken
    warnings: int = 0  # parts that were left out of records that were taken, and files that were skipped
    sources: Counter[str] = field(default_factory=Counter)  # records by format
    problems: list[Problem] = field(default_factory=list)  # the first of them, warnings among them
    # The first new, changed and proposed ones, with their changes.
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.new + self.changed + self.proposed + self.unchanged + self.refused

    def add_outcome(self, record: Record, outcome: Outcome) -> None:
        self.sources[record.source] += 1
        setattr(self, outcome.kind, getattr(self, outcome.kind) + 1)
        if outcome.kind != "unchanged" and len(self.records) < MOST_RECORDS:
            self.records.append(
                {
                    "kind": outcome.kind,
                    "code": outcome.procedure.code or "",
                    "name": outcome.procedure.name,
                    "file": record.file,
                    "position": record.position,
                    # Of a new one every part is new; its name says enough.
                    "changes": [] if outcome.kind == "new" else [_told(change) for change in outcome.changes],
                }
            )

    def add_problem(self, problem: Problem) -> None:
        if problem.warning:
            self.warnings += 1
        else:
            self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values that JSON can hold."""
        return {**asdict(self), "sources": dict(self.sources)}


def run(
    paths: Iterable[Path | str],
    *,
    at: datetime,
    dry_run: bool = False,
    by: User | None = None,
    progress: Callable[[int, int], None] | None = None,
    problems_to: TextIO | None = None,
) -> Report:
    """Import all that the paths hold; one bad record stops nothing and leaves nothing of itself.

    `progress` is called with the bytes read so far and the bytes in all. `problems_to` takes a CSV
    of every problem, however many there are.
    """
    report = Report(dry_run=dry_run)
    writer = _ProblemWriter(problems_to)
    files = list(reading.files_in(Path(path) for path in paths))
    total = sum(path.stat().st_size for path, _ in files if path.is_file())
    done = 0
    for path, named in files:

        def meter(read: int, before: int = done) -> None:
            if progress:
                progress(before + read, total)

        for found in reading.read_file(path, named=named, meter=meter):
            for problem in _take(found, report, at=at, dry_run=dry_run, by=by):
                report.add_problem(problem)
                writer.write(problem)
        done += path.stat().st_size if path.is_file() else 0
        meter(0, done)
    return report


def _take(
    found: Record | Problem, report: Report, *, at: datetime, dry_run: bool, by: User | None
) -> Iterable[Problem]:
    """Take one record into the catalogue and the report; return its problems."""
    if isinstance(found, Problem):
        return [found]
    try:
        outcome = apply(found, at=at, dry_run=dry_run, by=by)
    except Refused as refused:
        return refused.problems
    except (DatabaseError, ValidationError, ValueError):
        log.exception("import of %s, %s", found.file, found.position or found.code)
        return [Problem(found.file, found.position, "Bản ghi", NOT_STORED, found.code or "")]
    report.add_outcome(found, outcome)
    return outcome.warnings


def _told(change: Change) -> dict[str, str]:
    old, new = (shortened(text, SHOWN_LENGTH) for text in (change.old, change.new))
    return {"label": change.label, "old": old, "new": new}


class _ProblemWriter:
    def __init__(self, stream: TextIO | None) -> None:
        self._writer = csv.writer(stream) if stream else None
        if self._writer:
            self._writer.writerow(["Tệp", "Vị trí", "Mã thủ tục", "Mục", "Lý do", "Mức"])

    def write(self, problem: Problem) -> None:
        if self._writer:
            level = "nhắc" if problem.warning else "từ chối"
            cells = [problem.file, problem.position, problem.code, problem.field, problem.reason, level]
            self._writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking the text of a file for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

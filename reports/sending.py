"""From draft to what went out: files made, kept with their hashes, and locked; a correction is a further version."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.models import User
from portal.official_documents import numbered
from portal.steps import Conflict, NotAllowed, Problem, Refused
from portal.text import nfc
from reports import compiling, narrating, returns
from reports.exporting import docx as docx_file
from reports.exporting import pdf as pdf_file
from reports.exporting import xlsx as xlsx_file
from reports.figures import Figures
from reports.models import Compilation, Report, ReportParagraph, SentFile, SentText

Status = Report.Status
SCAN_BYTES = 20 * 1024 * 1024
_NUMBER = re.compile(r"\d{1,6}/\S+")
NUMBER_LENGTH = 60
_OFFICE = "Văn phòng Sở mới ghi nhận gửi, đính chính được báo cáo."


def lacks(report: Report, on: date) -> list[str]:
    """Return what is missing before the report goes out, as sentences; a warning, not a refusal."""
    found = []
    if report.compilation is None:
        found.append("Chưa tổng hợp số liệu của kỳ.")
    else:
        found += [f"Chưa có số liệu: {text}." for text in Figures.of(report.compilation).missing_units]
        newest = Compilation.objects.latest_of(report.period)
        if newest and newest.pk != report.compilation_id:
            found.append("Số liệu của kỳ đã được tổng hợp lại; báo cáo này còn dùng lần trước.")
    if report.period.asks_units and (missing := returns.completeness(report.period, on).missing):
        found.append(f"{len(missing)} đơn vị chưa nộp số liệu. Xuất lúc này sẽ ghi “chưa có số liệu”.")
    for paragraph in report.paragraphs.select_related("part"):
        if paragraph.part.template and not paragraph.shown.strip():
            found.append(f"Mục “{paragraph.part}” còn trống.")
        if paragraph.is_stale:
            found.append(f"Mục “{paragraph.part}”: số liệu đã đổi sau khi sửa, cần đọc lại.")
    return found


def send(
    report: Report,
    *,
    document_number: str,
    document_on: date | None,
    scan: UploadedFile | None = None,
    by: User,
    at: datetime,
) -> Report:
    """Give the report its number and date, make and keep what was sent, and lock it.

    Raises Refused, Conflict, NotAllowed, and portal.pdf.NotAvailable where this machine cannot draw PDF.
    """
    if not by.has_perm("reports.send_report"):
        raise NotAllowed(_OFFICE)
    number = _number(document_number)
    scanned = scan.read() if scan else b""
    if problems := list(_problems(report, number, document_on, scan, scanned, timezone.localdate(at))):
        raise Refused(problems)
    seen = _state(report)
    # Drawn from the report as it will be; the database waits for nobody meanwhile.
    sent = Report.objects.select_related("period", "report_type", "compilation__period").get(pk=report.pk)
    if sent.status != Status.DRAFT:
        raise Conflict
    sent.status, sent.document_number, sent.document_on = Status.SENT, number, document_on
    sent.sent_at, sent.sent_by = at, by
    contents = {
        SentFile.Kind.DOCX: docx_file.content(sent),
        SentFile.Kind.PDF: pdf_file.content(sent),
        SentFile.Kind.XLSX: xlsx_file.content(sent),
    }
    if scanned:
        contents[SentFile.Kind.SCAN] = scanned
    text = text_of(sent)
    kept: list[SentFile] = []
    try:
        with transaction.atomic():
            rows = Report.objects.filter(pk=report.pk, status=Status.DRAFT, compilation=sent.compilation)
            changed = rows.update(
                status=Status.SENT, document_number=number, document_on=document_on, sent_at=at, sent_by=by
            )
            # What somebody wrote or compiled while the files were drawn is not in them.
            if not changed or _state(report) != seen:
                raise Conflict
            for kind, content in contents.items():
                kept.append(_keep(sent, kind, content, at))
            SentText.objects.create(report=sent, content=text)
    except BaseException:
        for row in kept:
            row.file.delete(save=False)
        raise
    report.refresh_from_db()
    return report


def correct(report: Report, *, reason: str, by: User, at: datetime) -> Report:
    """Return a further version to mend what was sent: the same texts, from the newest figures."""
    if not by.has_perm("reports.send_report"):
        raise NotAllowed(_OFFICE)
    reason = nfc(reason).strip()
    if not reason:
        raise Refused([Problem("Ghi lý do đính chính.", "reason")])
    try:
        with transaction.atomic():
            if not Report.objects.filter(pk=report.pk, status=Status.SENT, corrected_by=None).exists():
                raise Conflict
            later = Report.objects.create(
                period=report.period,
                report_type=report.report_type,
                version=report.version + 1,
                corrects=report,
                correction_reason=reason,
                due_on=report.due_on,
                compilation=Compilation.objects.latest_of(report.period) or report.compilation,
            )
            ReportParagraph.objects.bulk_create(
                ReportParagraph(
                    report=later,
                    part=one.part,
                    drafted=one.drafted,
                    text=one.text,
                    edited_from=one.edited_from,
                    edited_by=one.edited_by,
                    edited_at=one.edited_at,
                )
                for one in report.paragraphs.select_related("part", "edited_by")
            )
            narrating.draft(later, at=at)
    except IntegrityError as error:  # Somebody else began the same correction.
        raise Conflict from error
    return later


# Against the locked copy.


@dataclass(frozen=True)
class TextChange:
    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """What another version, or today's figures, says otherwise than the copy that was sent."""

    texts: list[TextChange]
    figures: list[compiling.Moved]

    def __bool__(self) -> bool:
        return bool(self.texts or self.figures)


def text_of(report: Report) -> dict[str, Any]:
    """Return the words and figures of the report as data."""
    figures = narrating.figures_of(report)
    paragraphs = report.paragraphs.select_related("part").order_by("part__order")
    return {
        "paragraphs": [{"key": one.part.key, "heading": str(one.part), "text": one.shown} for one in paragraphs],
        **_as_data(figures),
    }


def _as_data(figures: Figures | None) -> dict[str, Any]:
    shown = [figures.figure(key) for key in list(figures.keys())] if figures else []
    return {"figures": {one.key: one.value for one in shown}, "labels": {one.key: one.label for one in shown}}


def differences(sent: Report, later: Report) -> Differences:
    """Return what a later version says otherwise than the locked copy of an earlier one."""
    return _differences(sent.sent_text.content, text_of(later))


def moved_since_sent(sent: Report) -> Differences:
    """Return which figures of the locked copy are others in the newest compilation of the period."""
    newest = Compilation.objects.latest_of(sent.period)
    if newest is None:
        return Differences([], [])
    figures = Figures.of(newest, with_comparison=False)
    now = {
        "paragraphs": sent.sent_text.content["paragraphs"],
        **_as_data(figures),
    }
    return _differences(sent.sent_text.content, now)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Differences:
    old = {one["key"]: one for one in before["paragraphs"]}
    new = {one["key"]: one for one in after["paragraphs"]}
    texts = []
    for key in dict.fromkeys([*old, *new]):
        then, now = old.get(key, {}).get("text", ""), new.get(key, {}).get("text", "")
        if then != now:
            texts.append(TextChange((new.get(key) or old[key])["heading"], then, now))
    labels = {**before["labels"], **after["labels"]}
    figures = [
        compiling.Moved(key, labels[key], before["figures"].get(key), after["figures"].get(key))
        for key in dict.fromkeys([*before["figures"], *after["figures"]])
        if before["figures"].get(key) != after["figures"].get(key)
    ]
    return Differences(texts, figures)


def _problems(
    report: Report, number: str, document_on: date | None, scan: UploadedFile | None, scanned: bytes, on: date
) -> Iterator[Problem]:
    if report.compilation is None:
        yield Problem("Tổng hợp số liệu của kỳ trước khi ghi nhận gửi.")
    if not number:
        yield Problem("Ghi số, ký hiệu văn bản, ví dụ 05/BC-SKHCN.", "document_number")
    elif len(number) > NUMBER_LENGTH:
        yield Problem(f"Viết gọn lại trong {NUMBER_LENGTH} chữ cái.", "document_number")
    elif not _NUMBER.fullmatch(number):
        yield Problem(f"Viết số rồi ký hiệu, ví dụ 05/{report.report_type.symbol}.", "document_number")
    elif document_on and _is_taken(report, number, document_on.year):
        yield Problem("Số này đã ghi cho một báo cáo khác trong năm.", "document_number")
    if document_on is None:
        yield Problem("Chọn ngày của văn bản.", "document_on")
    elif document_on < report.period.first_on:
        yield Problem("Ngày văn bản không trước kỳ báo cáo.", "document_on")
    elif document_on > on:
        yield Problem("Ngày văn bản không sau hôm nay.", "document_on")
    if scan:
        if len(scanned) > SCAN_BYTES:
            yield Problem("Chọn tệp PDF không quá 20 MB.", "scan")
        elif not scanned.startswith(b"%PDF-") or b"%%EOF" not in scanned[-2048:]:
            yield Problem("Chọn bản quét là tệp PDF còn nguyên.", "scan")


def _number(typed: str) -> str:
    """Return 5/BC-SKHCN as 05/BC-SKHCN, without blanks (NĐ 30/2020, Phụ lục I)."""
    return numbered("", nfc(typed)) if typed.strip() else ""


def _is_taken(report: Report, number: str, year: int) -> bool:
    others = Report.objects.exclude(pk=report.pk).filter(document_number=number, document_on__year=year)
    return others.exists()


def _state(report: Report) -> dict[int, int]:
    """Return the version of each paragraph."""
    return dict(ReportParagraph.objects.filter(report=report).values_list("pk", "version"))


def _keep(report: Report, kind: SentFile.Kind, content: bytes, at: datetime) -> SentFile:
    digest = sha256(content).hexdigest()
    row = SentFile(report=report, kind=kind, sha256=digest, size=len(content), at=at)
    row.file.save(f"{digest[:16]}.{kind}", ContentFile(content), save=False)
    row.save()
    return row

"""Texts of a report, drafted from the figures by templates that the office edits.

The language of the templates is small, so that it can do nothing but fill in figures:

    {06a.3}                     the number before what it counts: 05, 1.234
    {06a.3:so_sanh hồ sơ}       the change against the period before; so_sanh_nam: against the year before
    {06a.8+06a.9%06a.7}         the share of one figure, or of a sum, in another
    {tin-bai-kenh.so:cac_dong}  the rows of a form, the largest first
    {ky} {tu_ngay} {den_ngay} {nam} {don_vi} {ke_hoach} {thieu}
    [có phan-anh.tong: …]       said only where the figure is more than nought; [không …: …] only where it is not
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from news.models import CommunicationPlan
from portal.models import Organisation, User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from portal.text import nfc
from reports import periods, wording
from reports.figures import Figures, Shown
from reports.models import Compilation, OutlinePart, Report, ReportForm, ReportingPeriod, ReportParagraph

TEXT_LENGTH = 20_000
_KEY = r"[a-z0-9-]+\.[a-z0-9._]+(?:/[^{}:%+\[\]]+)?"
_PLACE = re.compile(r"\{([^{}]*)\}")
_CONDITION = re.compile(r"\[(có|không) ([^\s:\[\]]+): ([^\[\]]*)\]")
_FIGURE = re.compile(rf"({_KEY})(?::(so_sanh_nam|so_sanh|cac_dong)(?: ([^:]+))?)?")
_SUM = rf"{_KEY}(?:\s*\+\s*{_KEY})*"
_SHARE = re.compile(rf"({_SUM})\s*%\s*({_SUM})")
_ROWS_SHOWN = 5
WORDS = ("ky", "tu_ngay", "den_ngay", "nam", "don_vi", "ke_hoach", "thieu")


def words_of(period: ReportingPeriod, figures: Figures | None = None) -> dict[str, str]:
    """Return what templates may name besides figures."""
    plan = CommunicationPlan.objects.filter(year=period.year).first()
    missing = figures.missing_units if figures else []
    return {
        "ky": period.name,
        "tu_ngay": wording.day(period.first_on),
        "den_ngay": wording.day(period.last_on),
        "nam": str(period.year),
        "don_vi": Organisation.current().name or "Sở",
        "ke_hoach": plan.title if plan else "kế hoạch truyền thông hỗ trợ công tác kiểm soát thủ tục hành chính",
        "thieu": wording.listed(missing),
    }


def fill(template: str, figures: Figures | None, words: Mapping[str, str]) -> str:
    """Return the text; what cannot be filled in says so, so that no report breaks on a template."""

    def choose(match: re.Match[str]) -> str:
        value = figures.value(match[2]) if figures else None
        return match[3] if bool(value) == (match[1] == "có") else ""

    def put(match: re.Match[str]) -> str:
        return _filled(match[1].strip(), figures, words)

    lines = _PLACE.sub(put, _CONDITION.sub(choose, nfc(template))).splitlines()
    # A sentence that was left out leaves two blanks, a paragraph an empty line.
    return "\n".join(line for line in (re.sub(r" {2,}", " ", line).strip() for line in lines) if line)


def keys_of(template: str) -> list[str]:
    """Return the figures that a template names, once each, in their order."""
    found: dict[str, None] = {}
    for _, key, _ in _CONDITION.findall(template):
        found[key] = None
    for place in _PLACE.findall(template):
        for key in re.findall(_KEY, place.partition(":")[0]):
            found[key] = None
    return list(found)


def problems(template: str, known: Iterable[str]) -> list[str]:
    """Return what cannot be filled in, as sentences for whoever edits the outline; `known` are keys of columns."""
    known = set(known)
    found = []
    for place in _PLACE.findall(template):
        place = place.strip()
        if place not in WORDS and not (_FIGURE.fullmatch(place) or _SHARE.fullmatch(place)):
            found.append(f"Không hiểu {{{place}}}: viết như {{06a.3}}, {{06a.3:so_sanh hồ sơ}} hoặc {{ky}}.")
    for key in keys_of(template):
        if key.partition("/")[0] not in known:
            found.append(f"Không có số liệu “{key}”: xem mã ở biểu mẫu.")
    rest = _PLACE.sub("", _CONDITION.sub(lambda match: match[3], template))
    if any(sign in rest for sign in "{}[]"):
        found.append("Dấu ngoặc chưa khớp: điều kiện viết như [có 06a.3: câu], số liệu viết như {06a.3}.")
    return found


def known_keys() -> set[str]:
    """Return the keys of all columns of all forms."""
    return {
        indicator.key
        for form in ReportForm.objects.prefetch_related("indicators")
        for indicator in form.indicators.all()
    }


def used(template: str, figures: Figures) -> list[Shown]:
    """Return the figures that a template names, for whoever edits the text beside them."""
    known = figures.keys()
    return [figures.figure(key) for key in keys_of(template) if key in known]


# The paragraphs of a report.


@transaction.atomic
def draft(report: Report, *, at: datetime) -> None:
    """Draft every text of the outline from the figures of the report; what somebody wrote stays and is flagged."""
    figures = figures_of(report)
    words = words_of(report.period, figures)
    there = {paragraph.part_id: paragraph for paragraph in report.paragraphs.all()}
    for part in report.report_type.outline.filter(kind=OutlinePart.Kind.TEXT):
        drafted = fill(part.template, figures, words)
        paragraph = there.get(part.pk)
        if paragraph is None:
            ReportParagraph.objects.create(report=report, part=part, drafted=drafted)
        elif paragraph.drafted != drafted:
            drafts = ReportParagraph.objects.filter(pk=paragraph.pk, report__status=Report.Status.DRAFT)
            drafts.update(drafted=drafted)


def figures_of(report: Report) -> Figures | None:
    """Return the figures that the report is written from; a sent one keeps the overrides that held then."""
    at = report.sent_at if report.is_locked else None
    return Figures.of(report.compilation, at=at) if report.compilation else None


@transaction.atomic
def edit(paragraph: ReportParagraph, text: str, *, by: User, at: datetime, version: int) -> None:
    """Keep what somebody wrote; what is just the draft again is no edit. Raises Refused, Conflict, NotAllowed."""
    _check(paragraph, by)
    text = nfc(text).replace("\r\n", "\n").strip()
    if len(text) > TEXT_LENGTH:
        raise Refused([Problem(f"Viết gọn lại trong {TEXT_LENGTH} chữ cái.", f"text-{paragraph.pk}")])
    if text == paragraph.drafted.strip():
        _change(paragraph, version, text=None, edited_from="", edited_by=None, edited_at=None)
    elif text != paragraph.shown.strip():
        _change(paragraph, version, text=text, edited_from=paragraph.drafted, edited_by=by, edited_at=at)


def back_to_draft(paragraph: ReportParagraph, *, by: User, version: int) -> None:
    """Take the text that is drafted from the figures of now."""
    _check(paragraph, by)
    _change(paragraph, version, text=None, edited_from="", edited_by=None, edited_at=None)


def keep(paragraph: ReportParagraph, *, by: User, version: int) -> None:
    """Let what somebody wrote stand although the figures changed under it."""
    _check(paragraph, by)
    _change(paragraph, version, edited_from=paragraph.drafted)


def from_previous(report: Report, part: OutlinePart) -> str:
    """Return the text under the same heading in the report of the period before; empty where there is none."""
    name = periods.before(periods.name_of(report.period))
    rows = ReportParagraph.objects.filter(
        report__report_type__key=report.report_type.key,
        report__period__rhythm=name.rhythm,
        report__period__year=name.year,
        report__period__number=name.number,
        part__key=part.key,
    )
    paragraph = rows.order_by("-report__version").first()
    return paragraph.shown if paragraph else ""


@transaction.atomic
def take_compilation(report: Report, compilation: Compilation, *, by: User | None, at: datetime) -> None:
    """Write the report from these figures: every text is drafted anew, edits stay."""
    if by is not None and not by.has_perm("reports.send_report"):
        raise NotAllowed("Văn phòng Sở mới soạn được báo cáo.")
    if compilation.period_id != report.period_id:
        raise ValueError("the figures are of another period")
    if not Report.objects.filter(pk=report.pk, status=Report.Status.DRAFT).update(compilation=compilation):
        raise Conflict
    report.compilation = compilation
    draft(report, at=at)


def _check(paragraph: ReportParagraph, by: User) -> None:
    if not by.has_perm("reports.send_report"):
        raise NotAllowed("Văn phòng Sở mới soạn được báo cáo.")
    if Report.objects.filter(pk=paragraph.report_id, status=Report.Status.SENT).exists():
        raise Conflict


def _change(paragraph: ReportParagraph, version: int, **values: object) -> None:
    rows = ReportParagraph.objects.filter(pk=paragraph.pk, version=version, report__status=Report.Status.DRAFT)
    if not rows.update(**values, version=F("version") + 1):
        raise Conflict
    paragraph.refresh_from_db()


def _filled(place: str, figures: Figures | None, words: Mapping[str, str]) -> str:
    if place in words:
        return words[place]
    if match := _SHARE.fullmatch(place):
        return wording.share(_sum(match[1], figures), _sum(match[2], figures))
    if match := _FIGURE.fullmatch(place):
        key, how, noun = match[1], match[2] or "", match[3] or ""
        return _WAYS[how](key, noun, figures) if figures else wording.MISSING
    return wording.MISSING


def _sum(keys: str, figures: Figures | None) -> int | None:
    """Return the sum of the figures between plus signs; missing only where all are."""
    values = [figures.value(key.strip()) if figures else None for key in keys.split("+")]
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _rows(key: str, noun: str, figures: Figures) -> str:
    """Return "Phí, lệ phí 12; Sở hữu trí tuệ 05": the largest rows that are not nought."""
    try:
        table = figures.table(key.partition(".")[0])
    except KeyError:
        return wording.MISSING
    place = next((number for number, column in enumerate(table.columns) if column.key == key), None)
    if place is None:
        return wording.MISSING
    rows = [(row.label, row.cells[place].value or 0) for row in table.rows if row.cells[place].value]
    rows.sort(key=lambda row: -row[1])
    what = f" {noun}" if noun else ""
    shown = [f"{label}: {wording.counted(value)}{what}" for label, value in rows[:_ROWS_SHOWN]]
    if rest := sum(value for _, value in rows[_ROWS_SHOWN:]):
        shown.append(f"còn lại: {wording.counted(rest)}{what}")
    return wording.listed(shown) or wording.MISSING


def _compared(key: str, noun: str, figures: Figures) -> str:
    found = figures.compare(key)
    return wording.change(found.now, found.previous, found.previous_name, noun)


def _compared_with_year(key: str, noun: str, figures: Figures) -> str:
    found = figures.compare(key)
    return wording.change(found.now, found.year_before, found.year_before_name, noun)


_WAYS: dict[str, Callable[[str, str, Figures], str]] = {
    "": lambda key, noun, figures: wording.counted(figures.value(key)),
    "so_sanh": _compared,
    "so_sanh_nam": _compared_with_year,
    "cac_dong": _rows,
}

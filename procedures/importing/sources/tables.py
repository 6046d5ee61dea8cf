"""Lists of procedures: rows under known headings, from CSV here and from XLSX in `workbooks`."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path

from portal.text import fold
from procedures.importing import cleaning, fees, labels, limits
from procedures.importing.records import FeeRecord, ItemRecord, MethodRecord, Problem, Record
from procedures.importing.sources import papers

Row = dict[str, str]  # by folded heading

_CODE_IN_LINK = re.compile(r"[?&]ma_thu_tuc=([^&#]+)")
_LARGEST_CELL = 10 * 2**20

DECISIONS = "Tệp là danh sách quyết định công bố, không phải danh sách thủ tục, nên được bỏ qua."
BROKEN = "Không đọc được dòng này của tệp CSV. Mở tệp bằng phần mềm bảng tính, lưu lại ở mã UTF-8 rồi nhập lại."
NOT_UTF8 = "Tệp không ở mã UTF-8. Lưu lại tệp ở mã UTF-8 rồi nhập lại."


def recognises(head: str) -> bool:
    """Tell whether the first line of a CSV has headings that are known."""
    return bool(_layout(_headings(head.lstrip("\ufeff").split("\n", 1)[0])))


def _headings(line: str) -> list[str]:
    return [fold(cell.strip()) for cell in next(csv.reader([line.strip()], delimiter=_delimiter(line)), [])]


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def read(path: Path, meter: Callable[[int], None]) -> Iterator[Record | Problem]:
    csv.field_size_limit(_LARGEST_CELL)
    with path.open("rb") as opened:
        start = opened.read(2)
        opened.seek(0)
        encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        text = TextIOWrapper(opened, encoding=encoding, newline="")
        first = text.readline()
        layout = _layout(headings := _headings(first))
        if layout is _decision:
            yield Problem(path.name, "", "Tệp", DECISIONS, warning=True)
        elif layout:
            yield from _read_rows(path.name, text, first, headings, layout, lambda: meter(opened.tell()))


def _read_rows(
    file: str, text: TextIOWrapper, first: str, headings: list[str], layout: "Layout", moved: Callable[[], None]
) -> Iterator[Record | Problem]:
    rows = csv.reader(text, delimiter=_delimiter(first))
    line = 2
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except UnicodeDecodeError:
            yield Problem(file, f"sau dòng {line - 1}", "Tệp", NOT_UTF8)
            return
        except csv.Error:
            yield Problem(file, f"dòng {line}", "Tệp", BROKEN)
            line = rows.line_num + 2
            continue
        if any(cells):
            yield from layout(dict(zip(headings, cells, strict=False)), file, f"dòng {line}")
        line = rows.line_num + 2
        moved()


Layout = Callable[[Row, str, str], Iterable[Record | Problem]]


def _layout(headings: Iterable[str]) -> Layout | None:
    given = set(headings)
    for needed, layout in (
        ({"ma so", "ten"}, listed),
        ({"ma tthc", "ten tthc"}, listed),
        ({"ten", "link"}, _linked),
        ({"link", "trinhtuthuchien"}, _crawled),
        ({"so_hieu", "trich_yeu"}, _decision),
    ):
        if needed <= given:
            return layout
    return None


def listed(row: Row, file: str, position: str) -> Iterator[Record]:
    """Read a row of the portal's own list: code, name, agencies, field."""

    def part(*headings: str) -> str | None:
        return next((row[heading] for heading in headings if heading in row), None)

    agency, field, url = part("co quan thuc hien"), part("linh vuc"), part("url")
    yield Record(
        code=cleaning.one_line(part("ma so", "ma tthc")) or None,
        name=cleaning.one_line(part("ten", "ten tthc")) or None,
        source="list",
        file=file,
        position=position,
        executing_agency=None if agency is None else cleaning.names(agency),
        field=cleaning.names(field).split("; ")[0] or None,
        portal_url=cleaning.one_line(url) or None,
    )


def _linked(row: Row, file: str, position: str) -> Iterator[Record]:
    """Read a name with a link that holds the code."""
    code = _CODE_IN_LINK.search(row["link"])
    yield Record(
        code=code[1].strip() if code else None,
        name=cleaning.one_line(row["ten"]) or None,
        source="links-2025",
        file=file,
        position=position,
    )


def _decision(row: Row, file: str, position: str) -> Iterator[Problem]:
    yield Problem(file, position, "Tệp", DECISIONS, warning=True)


def _crawled(row: Row, file: str, position: str) -> Iterator[Record]:
    """Read a crawled page: each cell of its tables is a line, an empty cell an empty line."""
    code = _CODE_IN_LINK.search(row["link"])
    methods, fee_rows = _crawled_methods(row.get("cachthucthuchien") or "")
    papers_text = row.get("thanhphanhoso") or ""
    yield Record(
        code=code[1].strip() if code else None,
        name=None,
        source="crawl-2025",
        file=file,
        position=position,
        steps=cleaning.steps(row.get("trinhtuthuchien")),
        methods=methods,
        fees=fee_rows,
        items=_crawled_items(papers_text),
        dossier_sets=papers.sets(papers_text),
        executing_agency=cleaning.names(row.get("coquanthuchien")),
        requirements=cleaning.requirements(row.get("yeucaudieukienthuchien")),
    )


_METHODS_HEAD = re.compile(r"^.*?Hình thức nộp\s*Thời hạn giải quyết\s*Phí, lệ phí\s*Mô tả\s*", re.DOTALL)


def _crawled_methods(text: str) -> tuple[list[MethodRecord], list[FeeRecord]]:
    lines = [line.strip() for line in _METHODS_HEAD.sub("", text.replace("\r\n", "\n")).split("\n")]
    starts = [number for number, line in enumerate(lines) if labels.channel(line)]
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        channel = labels.channel(lines[start])
        limit, fee, *rest = [*lines[start + 1 : end], "", ""]
        fee_lines = [fee]
        while rest and re.match(r"(?:Phí|Lệ phí|Mức giá)\s*:", rest[0]):
            fee_lines.append(rest.pop(0))
        found = fees.parse(" ".join(fee_lines)) if re.match(r"(?:Phí|Lệ phí|Mức giá)\s*:", fee) else []
        description = "\n".join(rest if found or not fee else [fee, *rest])
        methods.append(MethodRecord(channel, *limits.parse(limit), description=cleaning.paragraphs(description)))
        fee_rows.append((channel, found))
    return methods, fees.merge(fee_rows)


_ITEMS_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng\s*")


def _crawled_items(text: str) -> list[ItemRecord]:
    heading, *tables = _ITEMS_HEAD.split(text.replace("\r\n", "\n"))
    found: list[ItemRecord | None] = []
    for table in tables:
        parts = papers.QUANTITY.split(table)
        for cells, originals, copies in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            name, form = _name_and_form(cells)
            found.append(papers.item(name, heading, originals, copies, form))
        heading = parts[-1]
    return papers.with_cases(found)


def _name_and_form(cells: str):
    """Return the paper's name and the file of its form, which is the last line where there is one."""
    lines = [line.strip() for line in cells.strip().split("\n")]
    if len(lines) > 1 and re.search(r"\.(?:docx?|pdf|xlsx?|rar|zip)$", lines[-1], re.IGNORECASE):
        return "\n".join(lines[:-1]), papers.form(lines[-1])
    return "\n".join(lines), None

"""The TXT of the national portal: 2024 (values below their labels, tables) and 2026 (values beside them)."""

import re
from collections.abc import Iterator

from procedures.importing import bases, cleaning, fees, labels, limits
from procedures.importing.records import BasisRecord, FeeRecord, ItemRecord, MethodRecord, Record
from procedures.importing.sources import dates, papers

LABELS = (
    "Mã thủ tục",
    "Số quyết định",
    "Tên thủ tục",
    "Cấp thực hiện",
    "Loại thủ tục",
    "Lĩnh vực",
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Thành phần hồ sơ",
    "Đối tượng thực hiện",
    "Cơ quan thực hiện",
    "Cơ quan có thẩm quyền",
    "Địa chỉ tiếp nhận HS",
    "Cơ quan được ủy quyền",
    "Cơ quan phối hợp",
    "Kết quả thực hiện",
    "Căn cứ pháp lý",
    "Yêu cầu, điều kiện thực hiện",
    "Từ khóa",
    "Mô tả",
)
_LABEL = re.compile(rf"^({'|'.join(map(re.escape, LABELS))})[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_CODE_BELOW = re.compile(r"^Mã thủ tục[ \t]*:[ \t]*\n", re.MULTILINE)

_METHOD = re.compile(r"^\s*\*\s*Hình thức nộp\s*:", re.MULTILINE)
_METHOD_LABEL = re.compile(r"^[ \t]+(Thời hạn giải quyết|Phí, lệ phí|Mô tả)[ \t]*:[ \t]*", re.MULTILINE)
_QUANTITY_2024 = re.compile(r"- ((?:\d+ Bản (?:chính|sao)(?:, )?)+)")
_BASIS_2026 = re.compile(r"^\s*\*\s+", re.MULTILINE)


def recognises(head: str) -> bool:
    return bool(re.search(r"^Mã thủ tục[ \t]*:", head, re.MULTILINE) and "Tên thủ tục" in head)


def read(text: str, file: str) -> Iterator[Record]:
    source = "txt-2024" if _CODE_BELOW.search(text) else "txt-2026"
    part = sections(text)
    methods, fee_rows = _methods(part["Cách thức thực hiện"])
    items, sets = _items(part["Thành phần hồ sơ"])
    yield Record(
        code=cleaning.one_line(part["Mã thủ tục"]) or None,
        name=cleaning.one_line(part["Tên thủ tục"]) or None,
        source=source,
        file=file,
        decision_number=bases.decision_number(part["Số quyết định"]),
        levels=labels.levels(part["Cấp thực hiện"]),
        regulation_kind=labels.regulation_kind(part["Loại thủ tục"]),
        field=cleaning.one_line(part["Lĩnh vực"]),
        steps=cleaning.steps(part["Trình tự thực hiện"]),
        methods=methods,
        fees=fee_rows,
        items=items,
        dossier_sets=sets,
        audience=cleaning.one_line(part["Đối tượng thực hiện"]),
        executing_agency=cleaning.names(part["Cơ quan thực hiện"]),
        competent_agency=cleaning.names(part["Cơ quan có thẩm quyền"]),
        receiving_address=cleaning.paragraphs(part["Địa chỉ tiếp nhận HS"]),
        delegated_agency=cleaning.names(part["Cơ quan được ủy quyền"]),
        coordinating_agencies=cleaning.names(part["Cơ quan phối hợp"]),
        results=cleaning.results(part["Kết quả thực hiện"]),
        legal_bases=_bases(part["Căn cứ pháp lý"]),
        requirements=cleaning.requirements(part["Yêu cầu, điều kiện thực hiện"]),
        keywords=cleaning.one_line(part["Từ khóa"]),
    )


def sections(text: str) -> dict[str, str]:
    """Cut the text at its labels, each taken where it stands in its turn.

    The same words also begin lines inside the sections; those come out of turn, before a label
    that is still to come or after their own.
    """
    found = list(_LABEL.finditer(text))
    last_place = {match[1]: number for number, match in enumerate(found)}
    headings: list[re.Match] = []
    turn = -1
    for number, match in enumerate(found):
        place = LABELS.index(match[1])
        skipped = LABELS[turn + 1 : place]
        if place > turn and not any(last_place.get(label, -1) > number for label in skipped):
            headings.append(match)
            turn = place
    parts = dict.fromkeys(LABELS, "")
    ends = [match.start() for match in headings[1:]] + [len(text)]
    for match, end in zip(headings, ends, strict=True):
        parts[match[1]] = text[match.start(2) : end].strip("\n")
    return parts


def table(text: str) -> list[list[str]]:
    """Return the rows of a Markdown table, without its head."""
    lines = [line.strip() for line in text.split("\n")]
    rows = [line[1:].removesuffix("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def _methods(text: str) -> tuple[list[MethodRecord], list[FeeRecord]]:
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for name, limit, fee, description in _table_methods(text) if "|" in text[:40] else _listed_methods(text):
        channel = labels.channel(name)
        if not channel:
            continue
        methods.append(MethodRecord(channel, *limits.parse(limit), description=cleaning.paragraphs(description)))
        fee_rows.append((channel, fees.parse(fee)))
    return methods, fees.merge(fee_rows)


def _table_methods(text: str) -> Iterator[tuple[str, str, str, str]]:
    for row in table(text):
        cells = [*row, "", "", ""]
        yield cells[0], cells[1], cells[2], "|".join(row[3:])


def _listed_methods(text: str) -> Iterator[tuple[str, str, str, str]]:
    for block in _METHOD.split(text)[1:]:
        name, *parts = _METHOD_LABEL.split(block)
        values: dict[str, str] = {}
        for label, value in zip(parts[::2], parts[1::2], strict=True):
            values.setdefault(label, value)
        yield name, values.get("Thời hạn giải quyết", ""), values.get("Phí, lệ phí", ""), values.get("Mô tả", "")


def _items(text: str) -> tuple[list[ItemRecord], int | None]:
    read = _items_2026(text) if papers.QUANTITY.search(text) else _items_2024(text)
    return papers.with_cases(list(read)), papers.sets(text)


def _items_2026(text: str) -> Iterator[ItemRecord | None]:
    """Each paper is "- name" (its lines may go on below) and "Số lượng: Bản chính: 1, Bản sao: 0"."""
    case, name = "", ""
    for line in text.split("\n"):
        stripped = line.strip()
        quantity = re.match(r"Số lượng\s*:", stripped) and papers.QUANTITY.search(stripped)
        if quantity:
            yield papers.item(name, case, quantity[1], quantity[2])
            name = ""
        elif not name and re.fullmatch(r"\[.*\]", stripped):
            case = stripped
        elif stripped:
            name = f"{name}\n{stripped}" if name else stripped
    if name:
        yield papers.item(name, case)


def _items_2024(text: str) -> Iterator[ItemRecord | None]:
    """Papers begin with their quantity; a line at the margin opens a case, an indented one belongs to it."""
    case = ""
    for line in text.split("\n"):
        quantity = _QUANTITY_2024.match(line)
        if quantity:
            yield _paper_2024(line[quantity.end() :], case, quantity[1])
        elif line.startswith((" ", "\t", "- ")):
            yield papers.item(cleaning.without_links(line), case)
        elif line.strip():
            case = line


def _paper_2024(line: str, case: str, quantity: str) -> ItemRecord | None:
    numbers = {kind: number for number, kind in re.findall(r"(\d+) Bản (chính|sao)", quantity)}
    links = cleaning.links(line)
    name = re.sub(r"\s*\(\s*[,;]*\s*\)\s*$", "", cleaning.without_links(line))
    form = papers.form(*links[0]) if links else None
    more = "; ".join(cleaning.one_line(other) for other, _ in links[1:])
    note = f"Kèm: {more}" if more else ""
    return papers.item(name, case, numbers.get("chính"), numbers.get("sao"), form, note)


def _bases(text: str) -> list[BasisRecord]:
    if text.lstrip().startswith("|"):
        rows = ([*row, "", "", ""] for row in table(text))
        return bases.distinct(bases.basis(row[0], row[1], row[3], dates.day(row[2])) for row in rows)
    lines = (cleaning.one_line(line) for line in _BASIS_2026.split(text))
    return bases.distinct(_listed_basis(line) for line in lines if line)


def _listed_basis(line: str) -> BasisRecord | None:
    """Read "Luật Viễn thông ngày 24 tháng 11 năm 2023 (24/2023/QH15)"."""
    found = re.fullmatch(r"(?P<title>.*\S)\s*\((?P<number>[^()]*)\)", line)
    return bases.basis(found["number"], found["title"]) if found else bases.basis("", line)

"""The Markdown of the national portal: `## ` sections, tables, and pages where tables were flattened."""

import re
from collections.abc import Iterator

from procedures.importing import bases, cleaning, fees, labels, limits
from procedures.importing.records import BasisRecord, FeeRecord, ItemRecord, MethodRecord, Record
from procedures.importing.sources import flattened, papers

_SECTION = re.compile(r"^##[ \t]+([^#].*)$", re.MULTILINE)
_FACT = re.compile(r"^\*\s+\*\*(.+?):?\*\*:?[ \t]*(.*)$", re.MULTILINE)
_CASE = re.compile(r"^###[ \t]*", re.MULTILINE)
_CELLS = re.compile(r"(?<!\\)\|")


def recognises(head: str) -> bool:
    return head.startswith("#") and bool(re.search(r"^\*\s+\*\*Mã thủ tục:?\*\*", head, re.MULTILINE))


def read(text: str, file: str) -> Iterator[Record]:
    parts = _sections(text)
    facts = dict(_FACT.findall(parts.get("Thông tin chung", "")))
    methods, fee_rows = _methods(parts.get("Cách thức thực hiện"))
    items, sets = _items(parts.get("Thành phần hồ sơ"))
    yield Record(
        code=cleaning.one_line(facts.get("Mã thủ tục")) or None,
        name=cleaning.one_line(text.lstrip("\ufeff# \t\n").split("\n", 1)[0]) or None,
        source="md-2026",
        file=file,
        decision_number=_read(facts.get("Số quyết định"), bases.decision_number),
        levels=_read(facts.get("Cấp thực hiện"), labels.levels),
        regulation_kind=_read(facts.get("Loại thủ tục"), labels.regulation_kind),
        field=_read(facts.get("Lĩnh vực"), cleaning.one_line),
        audience=_read(facts.get("Đối tượng thực hiện"), cleaning.one_line),
        competent_agency=_read(facts.get("Cơ quan có thẩm quyền"), cleaning.names),
        receiving_address=_read(facts.get("Địa chỉ tiếp nhận HS"), cleaning.paragraphs),
        delegated_agency=_read(facts.get("Cơ quan được ủy quyền"), cleaning.names),
        coordinating_agencies=_read(facts.get("Cơ quan phối hợp"), cleaning.names),
        steps=_read(parts.get("Trình tự thực hiện"), cleaning.steps),
        methods=methods,
        fees=fee_rows,
        items=items,
        dossier_sets=sets,
        executing_agency=_read(parts.get("Cơ quan thực hiện"), cleaning.names),
        requirements=_read(parts.get("Yêu cầu, điều kiện thực hiện"), cleaning.requirements),
        results=_read(parts.get("Kết quả xử lý"), _results),
        keywords=_read(parts.get("Từ khóa"), cleaning.one_line),
        legal_bases=_read(parts.get("Căn cứ pháp lý"), _bases),
    )


def _read(text: str | None, parse):
    """Parse a part; None, which the source leaves out, stays None."""
    return None if text is None else parse(text)


def _sections(text: str) -> dict[str, str]:
    names_and_texts = _SECTION.split(text)[1:]
    return dict(zip((name.strip() for name in names_and_texts[::2]), names_and_texts[1::2], strict=True))


def _rows(text: str) -> list[list[str]]:
    """Return the rows of the Markdown tables without their heads; line breaks in cells as HTML has them."""
    lines = [line.strip() for line in text.split("\n")]
    rows = [[cell.strip() for cell in _CELLS.split(line.strip("|"))] for line in lines if line.startswith("|")]
    rules = {number for number, row in enumerate(rows) if all(re.fullmatch(r":?-+:?", cell) for cell in row)}
    return [
        [cell.replace("\\|", "|") for cell in row]
        for number, row in enumerate(rows)
        if number not in rules and number + 1 not in rules
    ]


def _methods(text: str | None) -> tuple[list[MethodRecord] | None, list[FeeRecord] | None]:
    """Read the table; its fee column is never filled, so fees are left alone where it has nothing."""
    if text is None:
        return None, None
    if "|" not in text:
        return flattened.spaced_methods(text)
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for row in _rows(text):
        name, limit, fee, *rest = [*row, "", "", ""]
        channel = labels.channel(name)
        if channel:
            description = cleaning.paragraphs(rest[0] if rest else "")
            methods.append(MethodRecord(channel, *_limit(limit, description), description=description))
            fee_rows.append((channel, fees.parse(fee)))
    merged = fees.merge(fee_rows)
    return methods, merged or None


def _limit(text: str, description: str) -> limits.Limit:
    """Read a time limit as these files print it: every unit they do not know has become "ngày"."""
    if re.fullmatch(r"[01] ngày", text.strip()) and not re.search(r"\b0?1 (?:\(một\) )?ngày(?! làm việc)", description):
        return limits.UNKNOWN
    other = re.fullmatch(r"(.*\D) ngày", text.strip())
    if other and not other[1].endswith("làm việc"):
        return limits.parse(other[1])
    return limits.parse(text)


def _items(text: str | None) -> tuple[list[ItemRecord] | None, int | None]:
    if text is None:
        return None, None
    if "|" not in text:
        return flattened.spaced_items(text), papers.sets(text)
    found: list[ItemRecord | None] = []
    for block in _CASE.split(text):
        heading = "" if block.lstrip().startswith("|") else block.strip().split("\n", 1)[0]
        for row in _rows(block):
            name, originals, copies, attached = [*row, "", "", ""][:4]
            note = "" if cleaning.is_placeholder(attached) else f"Mẫu: {cleaning.one_line(attached)}"
            found.append(papers.item(name, heading, originals, copies, note=note))
    return papers.with_cases(found), papers.sets(text)


def _results(text: str) -> str:
    return cleaning.results(re.sub(r"^[ \t]*\*[ \t]+", "", text, flags=re.MULTILINE))


def _bases(text: str) -> list[BasisRecord]:
    rows = ([*row, "", ""] for row in _rows(text))
    return bases.distinct(bases.basis(row[1], row[0]) for row in rows)

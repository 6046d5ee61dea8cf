"""Tables whose cells ran together into one text, taken apart at the words that are known.

Where a number could belong to either side, it is not taken: a time limit without its unit and an
amount that may have swallowed it stay out.
"""

import re
from collections.abc import Iterator

from procedures.importing import bases, cleaning, fees, labels, limits
from procedures.importing.records import BasisRecord, FeeRecord, ItemRecord, MethodRecord
from procedures.importing.sources import papers

_CHANNEL = r"(?:Trực tuyến|Dịch vụ bưu chính|Trực tiếp)"
_UNIT = r"(?:Ngày làm việc|Ngày|Giờ|Tháng)"
_CURRENCY = r"(?:Việt Nam Đồng|VNĐ|VND|Đồng|USD|EUR)"
# The start of a row: channel, time and fee follow each other without a space.
_ROW = re.compile(
    rf"(?P<channel>{_CHANNEL})"
    rf"(?P<time>\d{{1,4}}(?:[.,]\d+)? {_UNIT}|Không có thông tin|(?P<bare>\d{{1,4}}(?=Miễn phí|Không có thông tin))"
    rf"|[{cleaning.CAPITAL}][^\d\n]{{3,80}}?(?=Miễn phí|Không có thông tin)|)"
    rf"(?P<fee>Miễn phí|Không có thông tin|\d[\d.,]* ?{_CURRENCY})"
)
_MORE_FEE = re.compile(rf"(?:Miễn phí|\d[\d.,]* ?{_CURRENCY})(?=\(|\d|$|{_CHANNEL})")
_HEAD = re.compile(r"^.*?Hình thức nộp\s*(?:Thời gian|Thời hạn) ?(?:giải quyết)?\s*Phí, lệ phí\s*Mô tả\s*", re.DOTALL)
ZERO_WORD = "Miễn phí"


def methods(text: str) -> tuple[list[MethodRecord], list[FeeRecord]]:
    """Take apart "Trực tuyến10 Ngày làm việc200,000 Việt Nam Đồng(...)mô tảDịch vụ bưu chính…"."""
    text = _HEAD.sub("", cleaning.plain(text))
    starts = list(_ROW.finditer(text))
    found: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for start, end in zip(starts, [*(match.start() for match in starts[1:]), len(text)], strict=False):
        channel = labels.channel(start["channel"])
        limit = limits.parse(start["time"])
        cell_fees, description = _fees(start["fee"], text[start.end() : end], sure=bool(start["time"]))
        found.append(MethodRecord(channel, *limit, description=cleaning.paragraphs(description)))
        fee_rows.append((channel, cell_fees))
    return found, fees.merge(fee_rows)


def _fees(first: str, rest: str, *, sure: bool) -> tuple[list[FeeRecord], str]:
    """Return the fees at the start of the rest of a row, and the description after them.

    Where no time stands before it, the amount may have swallowed the time's digits: then it is
    kept as words.
    """
    found: list[FeeRecord] = []
    piece: str | None = first
    while piece is not None:
        note, rest = _bracketed(rest)
        if sure or piece in {ZERO_WORD, "Không có thông tin"}:
            found += fees.parse(f"{piece} ({note})" if note else piece, zero_word=ZERO_WORD)
        elif note:
            found.append(FeeRecord(fees.Kind.FEE, fees.State.UNKNOWN, note=note))
        more = _MORE_FEE.match(rest)
        piece, rest = (more[0], rest[more.end() :]) if more else (None, rest)
        sure = True
    return found, rest


def _bracketed(text: str) -> tuple[str, str]:
    """Return what stands in the brackets that open the text, and the rest."""
    if not text.startswith("("):
        return "", text
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:place].strip(), text[place + 1 :]
    return text[1:].strip(), ""


_SPACED_FEES = re.compile(
    r"(?:(?:Phí|Lệ phí) ?:(?: ?\d[\d.,]*)? ?(?:Đồng(?: ?Xem chi tiết)?|Xem chi tiết) ?)+",
)
_SPACED_ROW = re.compile(
    rf"(?:^|(?<=[\s.;]))(?P<channel>{_CHANNEL}) "
    rf"(?P<time>\d{{1,4}}(?:[.,]\d+)? {_UNIT}(?= |$)|[Kk]hông quy định(?= |$)|(?=(?:Phí|Lệ phí) ?:))"
)
_ONE_CHANNEL = re.compile(rf"(?P<channel>{_CHANNEL})\b")


def spaced_methods(text: str) -> tuple[list[MethodRecord], list[FeeRecord] | None]:
    """Take apart "Trực tiếp 45 Ngày Lệ phí: 200.000 ĐồngXem chi tiết Nộp ở quầy. Trực tuyến 45 Ngày …".

    Fees are None where no row has any, as these pages seldom tell them.
    """
    text = _HEAD.sub("", " ".join(cleaning.plain(text).split()))
    starts = list(_SPACED_ROW.finditer(text))
    if not starts:
        only = _ONE_CHANNEL.match(text)
        description = _SPACED_FEES.sub("", text[only.end() :]).strip() if only else ""
        return ([MethodRecord(labels.channel(only["channel"]), description=description)] if only else []), None
    ends = [*(match.start() for match in starts[1:]), len(text)]
    found: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for start, end in zip(starts, ends, strict=False):
        channel, rest = labels.channel(start["channel"]), text[start.end() : end].strip()
        fee = _SPACED_FEES.match(rest)
        description = rest[fee.end() :] if fee else rest
        found.append(MethodRecord(channel, *limits.parse(start["time"]), description=cleaning.clean(description)))
        fee_rows.append((channel, fees.parse(fee[0]) if fee else []))
    return found, fees.merge(fee_rows) or None


_ITEM_HEAD = re.compile(r"\s*Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng\s*")
# The digits before "bản chính": a cell begins there, so no space stands before them.
_GLUED_QUANTITY = re.compile(r"(?P<originals>\d+) bản chính(?:,\s*(?P<copies>\d+) bản sao)?|(?P<only>\d+) bản sao")
_FILE_END = re.compile(r"\.(?:docx?|pdf|xlsx?|rar|zip)$", re.IGNORECASE)
# Where the name of a paper and that of its form's file can have met, the surer places first.
_MEETINGS = (
    re.compile(rf"(?<=[{cleaning.SMALL}.;:)\]])(?=[{cleaning.CAPITAL}])|(?<=[{cleaning.SMALL})][.;])(?=\d)"),
    re.compile(rf"(?<=[{cleaning.SMALL}])(?=\d)"),
)
_LONGEST_FILE = 150


def items(text: str) -> list[ItemRecord]:
    """Take apart "Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghịMẫu 01.docx1 bản chính…"."""
    found: list[ItemRecord | None] = []
    case = ""
    parts = _ITEM_HEAD.split(cleaning.plain(text))
    for number, part in enumerate(parts):
        rows, rest = _glued_rows(part)
        found += [_glued_item(name, case, *numbers) for name, *numbers in rows if number]
        if not number:
            rest = part
        case = rest
        if number == len(parts) - 1 and number and rest.strip():
            found.append(papers.item(rest, case=""))
    return papers.with_cases(found)


def _glued_rows(text: str) -> tuple[list[tuple[str, int | None, int | None]], str]:
    """Return (name, originals, copies) of each paper, and what follows the last: the next case's name."""
    rows: list[tuple[str, int | None, int | None]] = []
    place = 0
    for match in _GLUED_QUANTITY.finditer(text):
        digits = match["originals"] or match["only"]
        before = text[match.start() - 1 : match.start()]
        if before.isspace() and len(digits) <= 2:
            continue  # part of a sentence: "gồm 02 bản chính"
        # Digits after a space, a dash or a stop belong to the words ("năm 2024"), all but the last.
        kept = len(digits) - 1 if before and not before.isalpha() and len(digits) > 1 else 0
        name = text[place : match.start() + kept]
        first = int(digits[kept:]) if match["originals"] else 0
        rows.append((name, first, int(match["copies"] or 0) if match["originals"] else int(digits[kept:])))
        place = match.end()
    return rows, text[place:]


def _glued_item(name: str, case: str, originals: int | None, copies: int | None) -> ItemRecord | None:
    name = name.strip()
    file = _file_at_end(name)
    form = papers.form(file) if file else None
    return papers.item(name[: len(name) - len(file)], case, originals, copies, form)


def _file_at_end(name: str) -> str:
    """Return the file's name that ends the text; "" where none does, or nobody can tell where it begins."""
    end = _FILE_END.search(name)
    if not end:
        return ""
    for meeting in _MEETINGS:
        places = [match.start() for match in meeting.finditer(name, 0, end.start())]
        places = [place for place in places if place > 2 and len(name) - place <= _LONGEST_FILE]
        if places:
            return name[places[-1] :]
    return ""


def spaced_items(text: str) -> list[ItemRecord]:
    """Take apart "Bao gồm Tên giấy tờ Mẫu đơn, tờ khai Số lượng Đơn … Bản chính: 1 - Bản sao: 0 Văn bản …"."""
    text = " ".join(cleaning.plain(text).split())
    heading, *tables = _ITEM_HEAD.split(text)
    found: list[ItemRecord | None] = []
    for table in tables:
        parts = papers.QUANTITY.split(table)
        for name, originals, copies in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            found.append(papers.item(name, heading, originals, copies))
        heading = parts[-1]
    return papers.with_cases(found)


# Who issues, the longest first: where one of these ends, a number ends, whatever the next title begins with.
_ISSUER = (
    r"(?:BLĐTBXH|BNNPTNT|BVHTTDL|TANDTC|VKSNDTC|BGDĐT|BGTVT|BKHCN|BKHĐT|BNNMT|BTNMT|BTTTT|BDTTG|BHXH|NHNN|TTCP|UBDT"
    r"|UBND|HĐND|VPCP|VPQH|KTNN|BCA|BCT|BNG|BNN|BNV|BQP|BTC|BTP|BXD|BYT|TLĐ|TTg|CP)"
)
_BASES_HEAD = re.compile(r"^.*?Tên văn bản pháp lý\s*Mã văn bản\s*", re.DOTALL)


def legal_bases(text: str) -> list[BasisRecord]:
    """Take apart "Thông tư số 22/2023/TT-BCA22/2023/TT-BCALuật …51/2019/QH14…": a title, then its number."""
    text = _BASES_HEAD.sub("", cleaning.clean(text))
    return bases.distinct(_glued_bases(text)) if text else []


# Numbers here have no space inside.
_GLUED_NUMBER = re.compile(
    r"\d+[A-Za-z]?(?:\.\d+)*/(?:\d{4}/)?(?:QH\d{2}|UBTVQH\d{2}|PL-UBTVQH\d*|"
    rf"[A-ZĐ]{{2,8}}(?:[-/](?:{_ISSUER}|[A-ZĐ]{{2,9}}(?![{cleaning.SMALL}])))+)"
)


def _glued_bases(text: str) -> Iterator[BasisRecord | None]:
    place = 0
    for match in _GLUED_NUMBER.finditer(text):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        # The code's cell follows the title's without a space, or is followed by the next title without one.
        # A number that only stands in a title has spaces around it, or is followed by itself.
        if (before and before.isspace() and not after.isupper() and after) or after.isdigit():
            continue
        year = _YEAR_BEFORE.match(match[0])
        start = match.start() + (4 if year else 0)
        yield bases.basis(text[start : match.end()], _KIND_BEFORE_NUMBER.sub("", text[place:start]))
        place = match.end()


# A title that ends with a year: "…sửa đổi 202323/2023/QH15".
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d(?:\d{1,3}/\d{4}/|\d{2,4}/)")
# The kind that opens the code's cell itself: "…tín dụngLuật số 32/2024/QH15".
_KIND_BEFORE_NUMBER = re.compile(r"(?<=\S)(?:Bộ luật|Luật|Nghị quyết|Nghị định|Thông tư|Quyết định)(?: số)?\s+$")

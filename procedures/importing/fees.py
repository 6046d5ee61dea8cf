"""Phí, lệ phí: what the sources write as an amount, as free, or as something only a person can read.

A bare zero says nothing. The national database writes `0 VNĐ (...)` where nobody gave an amount,
and its pages show that zero as "Miễn phí" even beside a circular that sets a fee; the older
export writes "Phí : 0 Đồng" in the same way. So a fee counts as free only where a person wrote so
in words; a zero with other words is "unknown" with these words, and a zero alone is no row.
"""

import re
from collections.abc import Iterable

from portal.text import fold
from procedures.importing import cleaning
from procedures.importing.records import FeeRecord
from procedures.models import Fee

Kind, State = Fee.Kind, Fee.State

# Below this an amount is a slip: "70 VNĐ" is 70 US dollars, "180 VNĐ" is 180.000 đồng.
LEAST_AMOUNT = 1000
MOST_AMOUNT = 10**12

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d+"
_AMOUNT = re.compile(
    rf"(?P<amount>{_NUMBER})(?![\d.,]*\d)\s*(?P<currency>Việt Nam Đồng|VNĐ|VND|Đồng|đồng|đ\b|(?=\s*$))\s*(?P<rest>.*)",
    re.DOTALL,
)
_SEVERAL = re.compile(r"\s*\|\s*")
_LABEL = r"(?:^|(?<=[\s(]))(Phí, lệ phí|Phí|Lệ phí|Mức giá)"
_LABEL_SPACED = re.compile(rf"{_LABEL}\s+:\s*")
_LABEL_PLAIN = re.compile(rf"{_LABEL}\s*:\s*")
_EMPTY_CURRENCY = re.compile(r"^[#o\s]*(?:Đồng|VNĐ|VND)\b[\s.:,]*")
_ATTACHED = re.compile(r"File đính kèm:[^\n]*|Xem chi tiết\b")
_CURRENCY_OF_NOTHING = re.compile(r"(?<=^Miễn phí)\s+Đồng\b|(?<=^Không thu)\s+Đồng\b|(?<=^Không)\s+Đồng\b")
_TRAILING_CURRENCY = re.compile(r"(?<=\w)\s+Đồng\s*$")
_FREE = re.compile(
    r"(?:duoc )?(?:mien|khong)(?: (?:thu|co|mat|phai nop|khong))*(?:(?:,| va)? (?:phi|le phi))*\W*"
    r"(?P<source>\b(?:theo|thong tu|quyet dinh|nghi dinh|nghi quyet)\b.*)?"
)
# With these words a fee is free for some only, or not everything is.
_NOT_FOR_ALL = re.compile(r"\d dong|\b(?:truong hop|doi voi|tru|phi cong bo|phi cap)\b")
# A zero beside which the true amount stands, and nothing else: "0 VNĐ (50.000 đồng/giấy)".
_AMOUNT_IN_NOTE = re.compile(rf"(?P<amount>{_NUMBER})\s*(?:đồng|VNĐ)\s*/[^\d.;,]{{1,40}}\.?")
_NOTHING = {"phi", "le phi", "phi, le phi", "dong", "xem chi tiet"}


def parse(text: str | None, *, zero_word: str = "") -> list[FeeRecord]:
    """Read the fee cell of one channel.

    `zero_word` is the word that the source prints for a bare zero ("Miễn phí" on the pages of the
    national portal), which then means as little as the zero.
    """
    text = cleaning.plain(cleaning.without_links(_ATTACHED.sub(" ", text or "")))
    found: dict[tuple, FeeRecord] = {}
    for kind, piece in _pieces(text):
        fee = _read(kind, piece.strip(" \n|;"), zero_word)
        if fee:
            found.setdefault(_same(fee), fee)
    fees = list(found.values())
    with_note = {fee.amount for fee in fees if fee.note}
    return [fee for fee in fees if fee.note or fee.amount not in with_note or fee.amount is None]


def merge(by_channel: Iterable[tuple[str, list[FeeRecord]]]) -> list[FeeRecord]:
    """Store once, without a channel, what every channel costs the same."""
    channels: dict[str, list[FeeRecord]] = {}
    for channel, fees in by_channel:
        channels.setdefault(channel, []).extend(fees)
    kept: dict[tuple, FeeRecord] = {}
    for channel, fees in channels.items():
        for fee in fees:
            key = _same(fee)
            everywhere = all(any(_same(other) == key for other in others) for others in channels.values())
            fee.channel = "" if everywhere else channel
            kept.setdefault((*key, fee.channel), fee)
    return list(kept.values())


def _same(fee: FeeRecord) -> tuple:
    return fee.kind, fee.state, fee.amount, re.sub(r"\W+", "", fold(fee.note))


def _pieces(text: str) -> Iterable[tuple[str, str]]:
    """Yield (kind, text) for each fee that stands in the cell."""
    label = _LABEL_SPACED if _LABEL_SPACED.match(text) else _LABEL_PLAIN
    if label.match(text):
        parts = label.split(text)
        for name, piece in zip(parts[1::2], parts[2::2], strict=True):
            yield (Kind.CHARGE if name == "Lệ phí" else Kind.FEE), piece
    else:
        for piece in _SEVERAL.split(text):
            yield Kind.FEE, piece


def _read(kind: str, piece: str, zero_word: str) -> FeeRecord | None:
    piece = _EMPTY_CURRENCY.sub("", piece)
    if not piece[:1].isdigit():
        piece = _TRAILING_CURRENCY.sub("", _CURRENCY_OF_NOTHING.sub("", piece))
    if zero_word and piece.startswith(zero_word):
        piece = f"0 Đồng {piece.removeprefix(zero_word)}"
    found = _AMOUNT.fullmatch(piece)
    if not found:
        return _in_words(kind, _note(piece))
    amount, note = int(re.sub(r"\D", "", found["amount"])), _note(found["rest"])
    if fold(note).startswith("le phi"):
        kind = Kind.CHARGE
    true_amount = _AMOUNT_IN_NOTE.fullmatch(note) if amount == 0 else None
    if true_amount:
        amount = int(re.sub(r"\D", "", true_amount["amount"]))
    if amount == 0:
        return _in_words(kind, note)
    if not LEAST_AMOUNT <= amount <= MOST_AMOUNT:
        return FeeRecord(kind, State.UNKNOWN, note=" ".join(piece.split()))
    return FeeRecord(kind, State.AMOUNT, amount, note)


def _in_words(kind: str, note: str) -> FeeRecord | None:
    """Read a fee without an amount: free, words for a person, or nothing at all."""
    folded = fold(note).strip(" .:;,-")
    if fold(note).startswith("le phi"):
        kind = Kind.CHARGE
    free = _FREE.fullmatch(folded)
    if free and not _NOT_FOR_ALL.search(folded):
        return FeeRecord(kind, State.FREE, note=note if free["source"] else "")
    if cleaning.is_placeholder(note, _NOTHING):
        return None
    return FeeRecord(kind, State.UNKNOWN, note=note)


def _note(text: str) -> str:
    """Return the words beside an amount, without the brackets around all of them."""
    note = _without_brackets(cleaning.joined(text))
    note = _without_brackets(re.sub(r"^Đồng\s*(?=\()", "", note))
    return "" if note in {"()", "(", ")"} else note


def _without_brackets(text: str) -> str:
    text = text.strip(" \n;")
    return text[1:-1].strip(" \n;") if text.endswith(")") and _one_pair(text) else text


def _one_pair(text: str) -> bool:
    """Tell whether the text begins with a bracket that its last one closes."""
    if not text.startswith("("):
        return False
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(text) - 1
    return False

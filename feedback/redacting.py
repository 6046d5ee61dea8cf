"""What in a text could lead to a person: found by rules, and masked.

The rules would rather find too much: a person decides what may stand, and says why. Positions are those of
the NFC text. Nothing here asks the database.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from portal.text import fold, nfc

NAME, ORGANISATION, ADDRESS = "[tên]", "[tên tổ chức]", "[địa chỉ]"
PHONE, EMAIL, PAGE = "[số điện thoại]", "[thư điện tử]", "[trang cá nhân]"
PAPER, NUMBER, DOSSIER, CODE = "[số giấy tờ]", "[dãy số]", "[mã hồ sơ]", "[mã biên nhận]"


@dataclass(frozen=True)
class Known:
    """What is known of the sender, and what the department itself has published."""

    names: tuple[str, ...] = field(default=(), repr=False)
    organisations: tuple[str, ...] = field(default=(), repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    dossiers: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)
    may_name: bool = False  # the sender agreed to be named
    published: tuple[str, ...] = ()  # telephones and addresses of the department


@dataclass(frozen=True)
class Found:
    """A passage that could lead to a person."""

    start: int
    end: int
    why: str  # in Vietnamese, for staff
    mask: str  # what can take its place
    own: bool = False  # it is what is known of the sender, not only of the shape

    def text(self, of: str) -> str:
        return nfc(of)[self.start : self.end]


def look(text: str, known: Known) -> list[Found]:
    """Return what could lead to a person, in the order of the text, overlapping findings put together."""
    words = _Text(text)
    allowed = [*_names(words, known.names), *_organisations(words, known.organisations)] if known.may_name else []
    found = [
        *([] if known.may_name else [*_names(words, known.names), *_organisations(words, known.organisations)]),
        *_addresses(words, known.addresses),
        *_own_phones(words, known.phones),
        *_own_emails(words, known.emails),
        *_own_marks(words, known.dossiers, "Mã số hồ sơ của người gửi.", DOSSIER),
        *_own_marks(words, known.codes, "Mã biên nhận của phản ánh này.", CODE),
        *(one for one in _anybody(words, known.published) if not any(_within(one, other) for other in allowed)),
    ]
    return [words.placed(one) for one in _merged(found)]


def masked(text: str, known: Known, *, only_own: bool = False) -> str:
    """Return the text with everything that was found replaced by a word for it; or only what is of the sender."""
    text = nfc(text)
    for one in reversed(look(text, known)):
        if only_own and not one.own:
            continue
        text = text[: one.start] + one.mask + text[one.end :]
    return text


# The text in the forms that the rules read.


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    letters: str  # folded
    marks: Counter[str]
    capital: bool = False

    def is_written_as(self, other: "_Word") -> bool:
        """Tell whether this could be the other word, with all of its marks, some of them or none."""
        return self.letters == other.letters and self.marks <= other.marks


class _Text:
    """`plain` and `folded` have one letter for each letter that is seen; `at` says where it stands."""

    def __init__(self, text: str) -> None:
        self.source = nfc(text)
        # Invisible characters, and marks that belong to no letter, would hide a name.
        seen = [
            (at, letter)
            for at, letter in enumerate(self.source)
            if unicodedata.category(letter) not in {"Cf", "Mn", "Me"}
        ]
        self.at = [at for at, _ in seen]
        self.plain = "".join(_digit(letter) for _, letter in seen)
        self.folded = "".join(fold(letter)[:1] or " " for letter in self.plain)

    def placed(self, found: Found) -> Found:
        start, end = self.at[found.start], self.at[found.end - 1] + 1
        while end < len(self.source) and unicodedata.category(self.source[end]) in {"Cf", "Mn", "Me"}:
            end += 1
        return Found(start, end, found.why, found.mask, found.own)

    @cached_property
    def words(self) -> list[_Word]:
        return [self._word(match) for match in re.finditer(r"[^\W_]+", self.plain)]

    def _word(self, match: re.Match[str]) -> _Word:
        start, end = match.span()
        written = match[0]
        marks = Counter(mark for mark in unicodedata.normalize("NFD", written) if unicodedata.combining(mark))
        marks["đ"] = written.casefold().count("đ")
        return _Word(start, end, self.folded[start:end], +marks, written[0].isupper())

    def between(self, one: _Word, other: _Word) -> str:
        return self.plain[one.end : other.start]

    def are_neighbours(self, one: _Word, other: _Word) -> bool:
        return re.fullmatch(r"[\s,.\-–_'’\"“”()]{1,4}", self.between(one, other)) is not None


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


def _within(one: Found, other: Found) -> bool:
    return other.start <= one.start and one.end <= other.end


def _merged(found: Iterable[Found]) -> list[Found]:
    merged: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not merged or one.start >= merged[-1].end:
            merged.append(one)
            continue
        last = merged.pop()
        best = max(last, one, key=lambda each: (each.own, each.end - each.start))
        merged.append(Found(last.start, max(last.end, one.end), best.why, best.mask, best.own))
    return merged


# Names.

_TITLES = "ông|bà|anh|chị|em|cô|chú|bác|cháu|tên|tên là|tôi là|đồng chí|đ/c|ong|ba|chi|co|chu|bac"
_TITLE_AT_END = re.compile(rf"(?<!\w)(?:{_TITLES})[\s:]{{1,3}}$", re.IGNORECASE)
# What stands where a name is missing, and is met in every other sentence.
_NO_NAMES = {("phan", "anh"), ("kien", "nghi"), ("nguoi", "gui"), ("anh", "phan"), ("gui", "phan")}
# Who or what somebody is, not how it is called. Written with its marks, or a family called Trương would be a "trường".
_DESIGNATIONS = (
    "người đại diện|đại diện|theo pháp luật|tổng giám đốc|phó giám đốc|giám đốc|chủ tịch|chủ|nhân viên|ông|bà|"
    "công ty|tnhh|trách nhiệm hữu hạn|cổ phần|một thành viên|mtv|doanh nghiệp tư nhân|doanh nghiệp|hộ kinh doanh|"
    "hợp tác xã|chi nhánh|văn phòng|tập đoàn|trung tâm|trường|viện|bệnh viện|phòng khám|đa khoa|nha khoa|nhà thuốc|"
    "cửa hàng|cơ sở|tổ chức"
)
# Only where a name begins: a person may be called Trung Tâm.
_DESIGNATION_AT_START = re.compile(rf"(?:^|[,;/()\-–])\s*((?:(?:{_DESIGNATIONS})(?!\w)[\s.]*)+)", re.IGNORECASE)


def _names(text: _Text, names: Iterable[str]) -> Iterator[Found]:
    for name in names:
        whole = _Text(name)
        syllables = whole.words
        if not syllables:
            continue
        spans = [match.span(1) for match in _DESIGNATION_AT_START.finditer(whole.plain)]
        generic = {word.start for word in syllables for start, end in spans if start <= word.start < end}
        yield from _runs(text, syllables, generic)
        yield from _given_names(text, syllables[-1])
        yield from _joined(text, syllables, "Tên người gửi.", NAME)


def _runs(text: _Text, syllables: list[_Word], generic: set[int]) -> Iterator[Found]:
    """Find two or more syllables of the name that stand together, in any order, with or without marks.

    Those that begin at a place in `generic` say nothing alone.
    """
    words = text.words
    least = min(2, len(syllables))
    position = 0
    while position < len(words):
        left = list(syllables)
        run: list[_Word] = []
        is_own = False
        for word in words[position:]:
            if run and not text.are_neighbours(run[-1], word):
                break
            same = next((syllable for syllable in left if word.is_written_as(syllable)), None)
            if same is None:
                break
            left.remove(same)
            run.append(word)
            is_own = is_own or same.start not in generic
        says_something = is_own and tuple(word.letters for word in run) not in _NO_NAMES
        is_whole = not left
        if len(run) >= least and (is_whole or says_something):
            yield Found(run[0].start, run[-1].end, "Tên người gửi.", NAME, own=True)
        position += max(len(run), 1)


def _given_names(text: _Text, given: _Word) -> Iterator[Found]:
    for word in text.words:
        if word.is_written_as(given) and _TITLE_AT_END.search(text.plain[max(0, word.start - 12) : word.start]):
            yield Found(word.start, word.end, "Tên gọi của người gửi.", NAME, own=True)


def _joined(text: _Text, words: list[_Word], why: str, mask: str) -> Iterator[Found]:
    """Find the whole written as one, as in an account name, or with other signs between."""
    if len(words) < 2:
        return
    # Two syllables with a space between them could be an ordinary word.
    between = r"[\W_]{0,3}" if len(words) > 2 else r"[._\-]?"
    pattern = between.join(re.escape(word.letters) for word in words)
    for match in re.finditer(rf"(?<![a-z]){pattern}(?![a-z])", text.folded):
        yield Found(*match.span(), why, mask, own=True)


_KINDS = (
    "cong ty|tnhh|trach nhiem huu han|co phan|cp|mot thanh vien|mtv|doanh nghiep tu nhan|doanh nghiep|dntn|"
    "ho kinh doanh|hop tac xa|htx|chi nhanh|tap doan|thuong mai|dich vu|san xuat|dau tu|xay dung|tm|dv|sx|xd"
)
_KIND_AT_START = re.compile(rf"(?:(?:{_KINDS}|va)\b[\W_]*)+")
_KIND_AT_END = re.compile(rf"(?<![a-z])(?:(?:{_KINDS})[\s.,\-&]*)+$")


def _organisations(text: _Text, names: Iterable[str]) -> Iterator[Found]:
    why = "Tên tổ chức, doanh nghiệp của người gửi."
    for name in names:
        whole = _Text(name)
        kind = _KIND_AT_START.match(whole.folded)
        own = [word for word in whole.words if word.start >= (kind.end() if kind else 0)]
        if not own:  # a name made of such words only
            own = whole.words
        for first, last in _sequences(text, own):
            before = _KIND_AT_END.search(text.folded[: first.start])
            one_word = len(own) == 1 and len(own[0].letters) < 4 and not before
            if not one_word:
                yield Found(before.start() if before else first.start, last.end, why, ORGANISATION, own=True)
        yield from _joined(text, own, why, ORGANISATION)


def _sequences(text: _Text, wanted: list[_Word], skip: frozenset[str] = frozenset()) -> Iterator[tuple[_Word, _Word]]:
    """Find the words one after another; words in `skip` may stand between them."""
    words = [word for word in text.words if word.letters not in skip]
    count = len(wanted)
    for position in range(len(words) - count + 1 if count else 0):
        window = words[position : position + count]
        if all(word.is_written_as(other) for word, other in zip(window, wanted, strict=True)) and all(
            len(text.between(one, other)) <= 20 for one, other in pairwise(window)
        ):
            yield window[0], window[-1]


# Addresses.

_PLACES = r"phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tp|tỉnh|việt nam"
_PARTS = re.compile(rf"[,;\n]|\s-\s|(?<!\w)(?=(?:{_PLACES})(?!\w))", re.IGNORECASE)
_PLACE = re.compile(rf"(?:{_PLACES})(?!\w)", re.IGNORECASE)
_FILLERS = frozenset({"so", "nha", "duong", "d", "pho"})
_STREET_AT_END = re.compile(r"(?<![a-z])(?:duong|pho|d\.)\s*$")


def _addresses(text: _Text, addresses: Iterable[str]) -> Iterator[Found]:
    """Find the parts that lead to a house: of a province or a ward many people write."""
    for address in addresses:
        for part in map(str.strip, _PARTS.split(nfc(address))):
            if not part or _PLACE.match(part):
                continue
            wanted = [word for word in _Text(part).words if word.letters not in _FILLERS]
            yield from _address_part(text, wanted)
            has_number = any(letter.isdigit() for word in wanted[:1] for letter in word.letters)
            if has_number and len(wanted) > 1:
                yield from _address_part(text, wanted[1:])


def _address_part(text: _Text, wanted: list[_Word]) -> Iterator[Found]:
    for first, last in _sequences(text, wanted, _FILLERS):
        named = _STREET_AT_END.search(text.folded[: first.start])
        if len(wanted) > 1 or named or len(wanted[0].letters) > 5:
            yield Found(first.start, last.end, "Địa chỉ của người gửi.", ADDRESS, own=True)


# Telephones and other numbers.

_DIGIT_WORDS = {
    "khong": "0",
    "mot": "1",
    "hai": "2",
    "ba": "3",
    "bon": "4",
    "tu": "4",
    "nam": "5",
    "lam": "5",
    "sau": "6",
    "bay": "7",
    "tam": "8",
    "chin": "9",
}
_MOST_BETWEEN = 20  # characters from one digit to the next
_TAIL = 7  # digits without the area or the network


def _own_phones(text: _Text, phones: Iterable[str]) -> Iterator[Found]:
    streams = [list(_digits(text, words)) for words in (False, True)]
    for phone in (part for whole in phones for part in re.split(r"[,;/]|hoặc", whole)):
        number = national(phone)
        if len(number) < 6:
            continue
        forms = {f"0084{number}", f"84{number}", f"840{number}", f"0{number}", number, number[-_TAIL:]}
        for stream in streams:
            digits = "".join(digit for digit, _, _ in stream)
            for form in forms:
                for match in re.finditer(f"(?={form})", digits):
                    used = stream[match.start() : match.start() + len(form)]
                    if all(b[1] - a[2] <= _MOST_BETWEEN for a, b in pairwise(used)):
                        start = _with_sign(text, used[0][1])
                        yield Found(start, used[-1][2], "Số điện thoại của người gửi.", PHONE, own=True)


def national(phone: str) -> str:
    """Return the digits of a telephone number without 0 or +84 before them."""
    digits = "".join(_digit(letter) for letter in phone if letter.isdigit())
    return re.sub(r"^(?:(?:00)?84(?=0?\d{9})|0)0?", "", digits)


def _digits(text: _Text, words: bool) -> Iterator[tuple[str, int, int]]:
    for match in re.finditer(r"[0-9]|[a-z]+", text.folded):
        if match[0].isdigit():
            yield match[0], *match.span()
        elif words and match[0] in _DIGIT_WORDS:
            yield _DIGIT_WORDS[match[0]], *match.span()


def _with_sign(text: _Text, start: int) -> int:
    while start and text.plain[start - 1] in "+(":
        start -= 1
    return start


# Guards on both sides: part of a longer number is not a date.
_ALONE = r"(?<![\d])(?<!\d[ .\-])", r"(?![ .\-]?\d)"
_HARMLESS = re.compile(
    "|".join(
        _ALONE[0] + pattern + _ALONE[1]
        for pattern in (
            r"(?:0?[1-9]|[12]\d|3[01])[./\-](?:0?[1-9]|1[0-2])[./\-](?:19|20)\d\d",  # a date
            r"(?:19|20)\d\d\s?[\-–]\s?(?:19|20)\d\d",  # from year to year
            r"\d\.\d{6}(?:\.000\.00\.00\.h\d\d)?",  # the code of a procedure
            r"1[89]00[ .\-]?\d{2}[ .\-]?\d{2}(?:[ .\-]?\d{2})?",  # a hotline
        )
    )
)
_LONG_NUMBER = re.compile(r"[+(]{0,2}(?<!\d)\d(?:[^\S\n]?[.\-–()_]?[^\S\n]?\d){7,}")
_AMOUNT = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_CURRENCY = re.compile(r"\s*(?:dong|d|vnd|usd|trieu|ty|nghin)(?![a-z])")
_SPOKEN = re.compile(
    rf"(?<![a-z0-9])(?:(?:{'|'.join(_DIGIT_WORDS)}|\d)[\s,.\-]+){{7,}}(?:{'|'.join(_DIGIT_WORDS)}|\d)(?![a-z0-9])"
)
_SHORT_PHONE = re.compile(r"(?:dien thoai|sdt|dt|tel|zalo|so may)\W{0,3}(\d(?:[ .\-]?\d){5,6})(?!\d)")
_PASSPORT = re.compile(r"(?<![a-z0-9])[a-z]\d{7,8}(?![a-z0-9])")
_EMAIL = re.compile(
    r"[a-z0-9][\w.+\-]*\s?(?:@|\(at\)|\[at\]|\(a\)|a cong)\s?"
    r"[a-z0-9][\w\-]*(?:\s?(?:\.|\(dot\)|cham )\s?[a-z0-9][\w\-]*)+"
)
_PAGE = re.compile(r"(?:(?:facebook|fb|zalo|tiktok)\.(?:com|me)|t\.me)/[\w.@\-/?=]+")
_DOSSIER = re.compile(r"(?<![a-z0-9])(?:\d{3}(?:\.\d{2}){2}\.)?[a-z]\d{2}(?:\.\d+)*-\d{6}-\d{3,}")
_TITLED = re.compile(r"(?<!\w)(?:ông|bà|anh|chị|cô|chú|bác|đồng chí|đ/c)[ \t:]{1,2}(?!Rịa\b)", re.IGNORECASE)


def _anybody(text: _Text, published: Iterable[str]) -> Iterator[Found]:
    """Find what has the shape of a person's data, whoever it is; not what the department has published."""
    known = {national(one) for one in published} | {fold(one).strip() for one in published}
    for one in (*_numbers(text), *_addresses_of_mail(text), *_titled(text)):
        written = text.folded[one.start : one.end]
        if written not in known and not (one.mask in {PHONE, NUMBER, PAPER} and national(written) in known):
            yield one


def _numbers(text: _Text) -> Iterator[Found]:
    for match in _DOSSIER.finditer(text.folded):
        yield Found(*match.span(), "Có thể là mã số hồ sơ.", DOSSIER)
    letters = _HARMLESS.sub(lambda match: "/" * len(match[0]), text.folded)
    for match in _LONG_NUMBER.finditer(letters):
        amount = _AMOUNT.fullmatch(match[0]) and _CURRENCY.match(letters, match.end())
        if not amount:
            yield Found(*match.span(), *_kind_of_number(match[0]))
    for match in _SPOKEN.finditer(letters):
        yield Found(*match.span(), "Có thể là số điện thoại viết bằng chữ.", PHONE)
    for match in _SHORT_PHONE.finditer(letters):
        yield Found(*match.span(1), "Có thể là số điện thoại.", PHONE)
    for match in _PASSPORT.finditer(letters):
        yield Found(*match.span(), "Có thể là số giấy tờ tùy thân.", PAPER)


def _kind_of_number(written: str) -> tuple[str, str]:
    digits = "".join(filter(str.isdigit, written))
    count = len(digits)
    if (digits[0] == "0" and 9 <= count <= 11) or (digits.startswith("84") and 10 <= count <= 12):
        return "Có thể là số điện thoại.", PHONE
    if count in {9, 12}:
        return "Có thể là số giấy tờ tùy thân.", PAPER
    if count in {10, 13}:
        return "Có thể là mã số thuế hoặc số tài khoản.", NUMBER
    return "Dãy số dài, có thể là số tài khoản.", NUMBER


def _addresses_of_mail(text: _Text) -> Iterator[Found]:
    for match in _EMAIL.finditer(text.folded):
        yield Found(*match.span(), "Địa chỉ thư điện tử.", EMAIL)
    for match in _PAGE.finditer(text.folded):
        yield Found(*match.span(), "Trang mạng xã hội của một người.", PAGE)


def _own_emails(text: _Text, emails: Iterable[str]) -> Iterator[Found]:
    for email in filter(None, map(str.strip, emails)):
        account, _, domain = fold(email).partition("@")
        forms = [re.escape(account) + r"\s?@\s?" + re.escape(domain)] if domain else []
        if len(account) >= 5:
            forms.append(rf"(?<![a-z0-9]){re.escape(account)}(?![a-z0-9])")
        for form in forms:
            for match in re.finditer(form, text.folded):
                yield Found(*match.span(), "Thư điện tử của người gửi.", EMAIL, own=True)


def _own_marks(text: _Text, marks: Iterable[str], why: str, mask: str) -> Iterator[Found]:
    for mark in marks:
        letters = re.findall(r"[a-z0-9]", fold(mark))
        if len(letters) >= 5:
            pattern = r"[\W_]?".join(letters)
            for match in re.finditer(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", text.folded):
                yield Found(*match.span(), why, mask, own=True)


def _titled(text: _Text) -> Iterator[Found]:
    """Find capital words after a title: whoever is named, the sender or an officer."""
    for match in _TITLED.finditer(text.plain):
        named: list[_Word] = []
        for word in (word for word in text.words if word.start >= match.end()):
            follows = word.start == match.end() if not named else text.between(named[-1], word) == " "
            if not follows or not word.capital or not text.plain[word.start : word.end].isalpha():
                break
            named.append(word)
        if named:
            yield Found(named[0].start, named[-1].end, "Có thể là tên người.", NAME)

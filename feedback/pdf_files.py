"""What an uploaded PDF must be: a sieve over its bytes, not a reader of PDF.

Looked at: where the file begins and ends, that it holds pages, and every name of an object outside of streams and
inside object streams, however it is spelled (`/J#61vaScript`); so scripts, programs, attached files, forms that
send themselves, locked files and a second file before, inside or behind the PDF are refused. What is packed is
unpacked within bounds. Not looked at: fonts, pictures and the drawing itself, so a fault of a viewer in those may
still be used; therefore the file is only ever handed out to be saved, never shown on a page of ours. There is no
search for known viruses.
"""

import base64
import binascii
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

MOST_PAGES = 200
MOST_STREAMS = 20_000
# All streams of a file together, unpacked. Scanned pages in colour take 26 MB each.
MOST_UNPACKED = 200 * 1024 * 1024
# One object stream; it holds some hundred objects.
MOST_UNPACKED_OBJECTS = 16 * 1024 * 1024
_PIECE = 1024 * 1024
_FIRST_STEP, _NEXT_STEP = 4096, 65536

_LAST_LINE = b"%%EOF"
_WHITE = b" \t\r\n\f\0"
_DELIMITER = rb"(?=[\s\0()<>\[\]{}/%]|$)"
# None of the patterns looks far ahead from each of many places: the file was made by anybody.
_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\s\0]")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# They are long enough not to appear by chance in packed data.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|ImportData|SubmitForm|Rendition|RichMedia|GoToE|XFA)" + _DELIMITER)
_EMBEDDED = re.compile(rb"/(?:EmbeddedFiles?|Collection)" + _DELIMITER)
_LOCKED = re.compile(rb"/Encrypt" + _DELIMITER)
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?php)\b|<\?php", re.IGNORECASE)
_PAGE = re.compile(rb"/Type[\s\0]*/Page" + _DELIMITER)
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\r|\n)")
_OBJECT = re.compile(rb"\d[\s\0]{1,8}obj\b")
_OBJECT_STREAM = re.compile(rb"/ObjStm" + _DELIMITER)
_FIRST, _COUNT = re.compile(rb"/First" + _DELIMITER), re.compile(rb"/N" + _DELIMITER)
_PREDICTOR = re.compile(rb"/Predictor[\s\0]+(?!1[\s\0/>])")
_PACKED_TWICE = re.compile(rb"/Filter[\s\0]*\[[^\]]{0,200}/Fl(?:ateDecode)?\b[^\]]{0,200}/Fl(?:ateDecode)?\b")
_HEX = re.compile(rb"/(?:ASCIIHexDecode|AHx)" + _DELIMITER)
_BASE85 = re.compile(rb"/(?:ASCII85Decode|A85)" + _DELIMITER)
# How far back the dictionary of a stream may reach.
_DICTIONARY = 4096


class Refused(Exception):
    """The file is none that is taken; the message is a clause in Vietnamese and what to do about it."""


_REFUSED_UNREAD = Refused("có phần không kiểm tra được; in ra tệp PDF khác rồi chọn lại")


@dataclass(frozen=True)
class _Stream:
    dictionary: bytes  # what stands before it
    start: int

    @property
    def holds_objects(self) -> bool:
        if _OBJECT_STREAM.search(self.dictionary):
            return True
        # Some readers do not ask for the type.
        own = self.dictionary[_end_of_last(_OBJECT, self.dictionary) :]
        return bool(_FIRST.search(own) and _COUNT.search(own))


def check(content: bytes) -> None:
    """Raise Refused unless the bytes are one PDF without anything that acts, is locked or attached."""
    _check_frame(content)
    names = _spelled_out(content)
    pages = _check_names(names)
    if _PACKED_TWICE.search(names):
        raise _REFUSED_UNREAD
    unpacked = 0
    for objects in _objects(content):
        pages += _check_names(objects)
        unpacked += 1
    if len(_OBJECT_STREAM.findall(names)) > unpacked:
        raise _REFUSED_UNREAD
    if not pages:
        raise Refused("không có trang nào; tạo lại tệp PDF rồi chọn lại")
    if pages > MOST_PAGES:
        raise Refused(f"có hơn {MOST_PAGES} trang; chỉ gửi những trang cần thiết")


def _check_frame(content: bytes) -> None:
    if not _HEADER.match(content):
        raise Refused("không bắt đầu như một tệp PDF; tạo lại tệp PDF rồi chọn lại")
    last = content.rfind(_LAST_LINE)
    if last == -1 or b"startxref" not in content or not _OBJECT.search(content):
        raise Refused("hỏng hoặc thiếu dữ liệu; tạo lại tệp PDF rồi chọn lại")
    if content[last + len(_LAST_LINE) :].strip(_WHITE) or zipfile.is_zipfile(BytesIO(content)):
        raise Refused("chứa thêm một tệp khác; tạo lại tệp PDF rồi chọn lại")
    if _MARKUP.search(content, 0, _DICTIONARY):
        raise Refused("chứa mã trang web; tạo lại tệp PDF rồi chọn lại")


def _check_names(text: bytes) -> int:
    """Return how many pages the objects describe."""
    if _LOCKED.search(text):
        raise Refused("có đặt mật khẩu; bỏ mật khẩu rồi chọn lại")
    if _ACTIVE.search(text):
        raise Refused("chứa mã lệnh hoặc biểu mẫu tự gửi; in ra tệp PDF khác rồi chọn lại")
    if _EMBEDDED.search(text):
        raise Refused("có tệp khác đính kèm bên trong; gửi riêng từng tệp")
    return len(_PAGE.findall(text))


def _objects(content: bytes) -> Iterator[bytes]:
    """Yield the objects that lie packed in streams; raise Refused where they cannot be unpacked within bounds."""
    left = MOST_UNPACKED
    for stream in _streams(content):
        objects, size = _unpack(content, stream, left)
        left -= size
        if left <= 0:
            raise Refused("phình quá lớn khi mở; giảm dung lượng ảnh trong tệp rồi chọn lại")
        if objects:
            yield _spelled_out(objects)
        elif stream.holds_objects:
            raise _REFUSED_UNREAD


def _streams(content: bytes) -> Iterator[_Stream]:
    end = 0
    for number, match in enumerate(_STREAM.finditer(content)):
        if number >= MOST_STREAMS:
            raise _REFUSED_UNREAD
        before = content[max(end, match.start() - _DICTIONARY) : match.start()]
        yield _Stream(_spelled_out(before), match.end())
        end = match.end()


def _unpack(content: bytes, stream: _Stream, most: int) -> tuple[bytes, int]:
    """Return what may be objects, as every stream may, and how many bytes were read and unpacked.

    A stream is unpacked whatever its dictionary says: the dictionary is only as honest as the file.
    """
    own = stream.dictionary[_end_of_last(_OBJECT, stream.dictionary) :]
    wanted = not _PREDICTOR.search(own)
    if not (_HEX.search(own) or _BASE85.search(own)):
        return _inflate(content, stream.start, most, wanted=wanted)
    end = content.find(b"endstream", stream.start)
    letters = content[stream.start : end if end >= 0 else len(content)]
    objects, size = _inflate(_from_letters(letters, own), 0, most, wanted=wanted)
    return objects, size + len(letters)


def _from_letters(data: bytes, dictionary: bytes) -> bytes:
    try:
        if _HEX.search(dictionary):
            data = bytes.fromhex(data.partition(b">")[0].decode("ascii"))
        if _BASE85.search(dictionary):
            data = base64.a85decode(data.partition(b"~>")[0].strip(_WHITE).removeprefix(b"<~"))
    except ValueError:
        return b""
    return data


def _inflate(source: bytes, start: int, most: int, *, wanted: bool) -> tuple[bytes, int]:
    """Return what was unpacked if it begins as objects do and is `wanted`, and how much was read and unpacked.

    It ends soon after `most`.

    The data says itself where it ends, which a word inside that looks like the end does not.
    """
    decoder, kept, size, step = zlib.decompressobj(), bytearray(), 0, _FIRST_STEP
    while not decoder.eof and start < len(source):
        given, start, step = source[start : start + step], start + step, _NEXT_STEP
        while given and not decoder.eof and size < most:
            try:
                piece = decoder.decompress(given, _PIECE)
            except zlib.error:
                return bytes(kept), size
            size += len(piece) + len(given) - len(decoder.unconsumed_tail) - len(decoder.unused_data)
            given = decoder.unconsumed_tail
            wanted = wanted and len(kept) < MOST_UNPACKED_OBJECTS and (bool(kept) or _may_be_objects(piece))
            if wanted:
                kept += piece
            elif kept:
                kept.clear()
        if size >= most:
            break
    return bytes(kept), size


def _may_be_objects(text: bytes) -> bool:
    """Return whether numbers stand first, as in every stream of objects."""
    return text.lstrip(_WHITE)[:1] in b"0123456789+-%"


def _spelled_out(text: bytes) -> bytes:
    """Return names as they are meant: /J#53 is /JS."""
    return _ESCAPE.sub(lambda match: binascii.unhexlify(match[1]), text)


def _end_of_last(pattern: re.Pattern[bytes], text: bytes) -> int:
    end = 0
    for match in pattern.finditer(text):
        end = match.end()
    return end

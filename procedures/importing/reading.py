"""From paths to records: each file's format is told by what is in it, not by its name or folder."""

import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from portal.text import nfc
from procedures.importing.records import Problem, Record
from procedures.importing.sources import json_files, markdown, tables, text, workbooks

log = logging.getLogger(__name__)

# A record of its own is a page of text; more than this is something else.
LARGEST_TEXT = 20 * 2**20
_HEAD = 64 * 1024

NOT_FOUND = "Không có tệp hoặc thư mục này. Kiểm tra lại đường dẫn."
NOT_KNOWN = (
    "Không nhận ra định dạng dữ liệu thủ tục. Dùng tệp mẫu của cổng hoặc tệp xuất từ Cổng Dịch vụ công quốc gia."
)
OLD_EXCEL = "Tệp ở định dạng Excel cũ (.xls). Lưu lại thành .xlsx rồi nhập lại."
SKIPPED = "Tệp không chứa dữ liệu thủ tục nên được bỏ qua."
NOT_UTF8 = "Tệp không ở mã UTF-8. Lưu lại tệp ở mã UTF-8 rồi nhập lại."
TOO_LARGE = "Tệp văn bản lớn quá 20 MB. Chia nhỏ tệp rồi nhập lại."

NOT_READ = "Tệp có phần không đọc được; các bản ghi trước đó vẫn được nhận. Báo cho quản trị cổng."

# Bytes read so far of the file that is being read.
Meter = Callable[[int], None]


def files_in(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each file, and whether somebody named it (not only its folder); folders in order of names."""
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            hidden = (one for one in inside if not any(part.startswith(".") for part in one.relative_to(path).parts))
            yield from ((one, False) for one in sorted(hidden))
        else:
            yield path, True


def read(paths: Iterable[Path]) -> Iterator[Record | Problem]:
    """Read every file, one record at a time; what cannot be read comes as a Problem in its place."""
    for path, named in files_in(Path(path) for path in paths):
        yield from read_file(path, named=named)


def read_file(path: Path, *, named: bool = True, meter: Meter = lambda _: None) -> Iterator[Record | Problem]:
    """Read one file. An unknown one is a problem where somebody named it, else it is only skipped."""
    try:
        with path.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        yield Problem(path.name, "", "Tệp", NOT_FOUND)
        return
    reader = _reader(path, head)
    if reader:
        try:
            yield from reader(path, meter)
        except Exception:
            # Whatever a file brings that nobody thought of, the other files are still read.
            log.exception("reading %s", path)
            yield Problem(path.name, "", "Tệp", NOT_READ)
    elif named:
        yield Problem(path.name, "", "Tệp", OLD_EXCEL if path.suffix.lower() == ".xls" else NOT_KNOWN)
    else:
        yield Problem(path.name, "", "Tệp", SKIPPED, warning=True)


Reader = Callable[[Path, Meter], Iterator[Record | Problem]]


def _reader(path: Path, head: bytes) -> Reader | None:
    if head.startswith(b"PK"):
        # One that is cut short is known by its name alone; its reader says that it is broken.
        broken = not zipfile.is_zipfile(path) and path.suffix.lower() == ".xlsx"
        return workbooks.read if broken or workbooks.recognises(path) else None
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    words = nfc(_decoded(head)).lstrip("\ufeff").lstrip()
    if words.startswith(("[", "{")):
        return json_files.read if json_files.recognises(words) else None
    if text.recognises(words):
        return _whole(text.read)
    if markdown.recognises(words):
        return _whole(markdown.read)
    return tables.read if tables.recognises(words) else None


def _decoded(head: bytes) -> str:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return head.decode(encoding, errors="replace")


def _whole(parse: Callable[[str, str], Iterator[Record]]) -> Reader:
    """Make a reader of a parser that takes the whole text of a file."""

    def read_whole(path: Path, meter: Meter) -> Iterator[Record | Problem]:
        size = path.stat().st_size
        if size > LARGEST_TEXT:
            yield Problem(path.name, "", "Tệp", TOO_LARGE)
            return
        try:
            content = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            yield Problem(path.name, "", "Tệp", NOT_UTF8)
            return
        yield from parse(nfc(content), path.name)
        meter(size)

    return read_whole

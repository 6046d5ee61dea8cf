"""The whole public catalogue as one file: CSV and XLSX for people, JSON for machines.

A file is made once for each state of the catalogue and each day, and sent from the disk. It is
derived: the folder may be emptied at any time.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from portal.models import SearchChange
from portal.navigation import Link
from portal.spreadsheets import Value, csv_lines, xlsx_file
from procedures import wording
from procedures.api.resources import PROCEDURE_DETAIL
from procedures.catalogue import FLAGS
from procedures.filters import FACETS
from procedures.models import DossierItem, Procedure

NAME = "thu-tuc"
# Rows read at a time, so that memory stays the same however many there are.
CHUNK = 500


@dataclass(frozen=True)
class Column:
    heading: str
    read: Callable[[Procedure, date], Value]


@dataclass(frozen=True)
class Format:
    label: str
    content_type: str
    write: Callable[[IO[bytes], date], None]


def _flags(facet: str) -> Callable[[Procedure, date], str]:
    words = next(dict(each.values.values()) for each in FACETS if each.name == facet)
    labels = {flag: words[value] for flag, (name, value) in FLAGS.items() if name == facet}
    return lambda procedure, on: "; ".join(label for flag, label in labels.items() if getattr(procedure, flag))


def _text(name: str) -> Callable[[Procedure, date], Value]:
    return lambda procedure, on: getattr(procedure, name)


def _fees(procedure: Procedure, on: date) -> str:
    return wording.fee_summary(fee for fee in procedure.fees.all() if fee.is_valid(on))


def _papers(procedure: Procedure, on: date) -> str:
    cases = {case.pk: case.name for case in procedure.cases.all()}
    return "\n".join(_paper(item, cases) for item in procedure.items.all())


def _paper(item: DossierItem, cases: dict[int, str]) -> str:
    quantity = wording.quantity(item)
    line = f"{item.name} ({quantity})" if quantity else item.name
    return f"[{cases[item.case_id]}] {line}" if item.case_id in cases else line


def _bases(procedure: Procedure, on: date) -> str:
    return "\n".join(str(basis.document) for basis in procedure.legal_bases.all())


COLUMNS = [
    Column("Mã thủ tục", _text("code")),
    Column("Tên ngắn", _text("title")),
    Column("Tên trong quyết định công bố", _text("name")),
    Column("Lĩnh vực", lambda procedure, on: procedure.field.name if procedure.field else ""),
    Column("Tình trạng", lambda procedure, on: wording.status(procedure, on).label),
    Column("Có hiệu lực từ", _text("in_force_from")),
    Column("Có hiệu lực đến hết ngày", _text("in_force_to")),
    Column("Người thực hiện", _flags("audience")),
    Column("Đối tượng thực hiện", _text("audience")),
    Column("Cấp thực hiện", _flags("level")),
    Column("Mức độ trực tuyến", lambda procedure, on: procedure.get_online_level_display()),
    Column("Cách nộp", lambda procedure, on: wording.channel_summary(procedure.methods.all())),
    Column("Thời hạn", lambda procedure, on: wording.time_summary(procedure.methods.all())),
    Column("Phí, lệ phí", _fees),
    Column("Thành phần hồ sơ", _papers),
    Column("Số bộ hồ sơ", _text("dossier_sets")),
    Column("Trình tự thực hiện", _text("steps")),
    Column("Yêu cầu, điều kiện", _text("requirements")),
    Column("Kết quả", _text("results")),
    Column("Cơ quan thực hiện", _text("executing_agency")),
    Column("Cơ quan có thẩm quyền", _text("competent_agency")),
    Column("Cơ quan được ủy quyền", _text("delegated_agency")),
    Column("Cơ quan phối hợp", _text("coordinating_agencies")),
    Column("Địa chỉ tiếp nhận", _text("receiving_address")),
    Column("Căn cứ pháp lý", _bases),
    Column("Số quyết định công bố", _text("decision_number")),
    Column("Ngày quyết định", _text("decision_on")),
    Column("Trang", lambda procedure, on: f"{settings.BASE_URL}{procedure.get_absolute_url()}"),
]


def links() -> list[Link]:
    """Return where each file is."""
    return [
        Link(each.label, reverse("procedures:catalogue-download", args=[extension]))
        for extension, each in FORMATS.items()
    ]


def version(on: date) -> str:
    """Return the name of what the files hold on the day: fees and states differ from day to day."""
    return f"{SearchChange.latest_number()}-{on:%Y%m%d}"


def opened(extension: str, on: date) -> IO[bytes]:
    """Return the file of the format, made now where no one has asked for this state before."""
    wanted = _folder() / f"{NAME}-{version(on)}.{extension}"
    with suppress(FileNotFoundError):
        return wanted.open("rb")
    with _building:
        with suppress(FileNotFoundError):
            return wanted.open("rb")
        return _built(wanted, FORMATS[extension], on)


_building = threading.Lock()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "downloads"


def _built(wanted: Path, made_as: Format, on: date) -> IO[bytes]:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    # Under another name until it is whole; several processes may be at it at once.
    with NamedTemporaryFile(dir=wanted.parent, prefix=".", delete=False) as file:
        try:
            made_as.write(file, on)
        except BaseException:
            os.unlink(file.name)
            raise
    # Opened first: another process may clear it away at once for a newer one. Whoever sends it closes it.
    made = Path(file.name).open("rb")  # noqa: SIM115
    os.replace(file.name, wanted)
    for old in wanted.parent.glob(f"{NAME}-*{wanted.suffix}"):
        if old != wanted:
            old.unlink(missing_ok=True)
    return made


def _procedures() -> Iterator[Procedure]:
    return Procedure.objects.published().for_page().order_by("sort_key", "pk").iterator(chunk_size=CHUNK)


def _rows(on: date) -> Iterator[list[Value]]:
    for procedure in _procedures():
        yield [column.read(procedure, on) for column in COLUMNS]


def _write_csv(file: IO[bytes], on: date) -> None:
    for line in csv_lines([column.heading for column in COLUMNS], _rows(on)):
        file.write(line.encode())


def _write_xlsx(file: IO[bytes], on: date) -> None:
    with xlsx_file("Thủ tục", [column.heading for column in COLUMNS], _rows(on)) as made:
        copyfileobj(made, file)


def _write_json(file: IO[bytes], on: date) -> None:
    separator = b"[\n"
    for procedure in _procedures():
        shown = PROCEDURE_DETAIL.show(procedure, on)
        file.write(separator + json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False).encode())
        separator = b",\n"
    file.write(b"\n]\n" if separator == b",\n" else b"[]\n")


FORMATS = {
    "csv": Format("Bảng CSV, dấu phẩy ngăn cách, chữ UTF-8", "text/csv; charset=utf-8", _write_csv),
    "xlsx": Format(
        "Bảng tính XLSX, mở bằng Excel hoặc LibreOffice",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _write_xlsx,
    ),
    "json": Format("Dữ liệu JSON, đủ các phần của từng thủ tục", "application/json", _write_json),
}

"""JSON: the portal's API, its scraped pages, the parsed exports of 2025, and the MongoDB export of 2021."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.text import nfc
from procedures.importing import bases, cleaning, fees, labels, limits
from procedures.importing.records import FeeRecord, ItemRecord, MethodRecord, Problem, Record
from procedures.importing.sources import dates, flattened, papers

_CHUNK = 2**20
# One record is some pages of text; an object that does not end within this is no record.
LARGEST_OBJECT = 32 * 2**20
_ARRAY = re.compile(r"\s*\[")
_RECORDS = re.compile(r'"records"\s*:\s*\[')

BROKEN = "Tệp JSON bị hỏng: {} Tải lại tệp từ nguồn rồi nhập lại."
NOT_KNOWN = "Không nhận ra cấu trúc của bản ghi nên bản ghi được bỏ qua."


def recognises(head: str) -> bool:
    """Tell whether the file begins with a record of a form that is known."""
    return any(all(re.search(rf'"{re.escape(key)}"\s*:', head) for key in keys) for keys, _ in _FORMS)


def read(path: Path, meter: Callable[[int], None]) -> Iterator[Record | Problem]:
    number = 0
    try:
        for number, (found, extracted_at) in enumerate(_objects(path, meter), start=1):
            yield _record(found, path.name, f"bản ghi {number}", extracted_at)
    except (ValueError, RecursionError) as error:
        what = "không phải mã UTF-8." if isinstance(error, UnicodeDecodeError) else "không đọc tiếp được."
        yield Problem(path.name, f"sau bản ghi {number}", "Tệp", BROKEN.format(what))


def _objects(path: Path, meter: Callable[[int], None]) -> Iterator[tuple[Any, datetime | None]]:
    """Yield the objects of the file's array (or its one object), reading no more than is needed."""
    decoder = json.JSONDecoder()
    with path.open("rb") as opened:
        pieces = iter(lambda: opened.read(_CHUNK), b"")
        text = _Buffer(pieces)
        text.more()
        extracted_at = _extracted_at(text.content)
        start = _ARRAY.match(text.content) or _RECORDS.search(text.content)
        if start is None:
            text.all()
            yield json.loads(text.content), None
            return
        text.drop(start.end())
        while True:
            text.drop_separators()
            if text.content.startswith("]"):
                return
            try:
                found, end = decoder.raw_decode(text.content)
                # A number may go on in the next piece; an object says itself where it ends.
                complete = isinstance(found, dict | list)
            except ValueError:
                complete = False
            if complete:
                yield found, extracted_at
                text.drop(end)
                meter(opened.tell())
            elif len(text.content) > LARGEST_OBJECT or not text.more():
                raise ValueError("an object of the array has no end")


class _Buffer:
    """The part of the file's text that is in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.content = ""
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def more(self) -> bool:
        piece = next(self._pieces, b"")
        self.content += self._decoder.decode(piece, final=not piece)
        return bool(piece)

    def all(self) -> None:
        while len(self.content) <= LARGEST_OBJECT and self.more():
            pass

    def drop(self, length: int) -> None:
        self.content = self.content[length:]

    def drop_separators(self) -> None:
        self.content = self.content.lstrip(" \t\r\n,")
        while not self.content and self.more():
            self.content = self.content.lstrip(" \t\r\n,")


def _extracted_at(head: str) -> datetime | None:
    found = re.search(r'"extractedAt"\s*:\s*"([^"]+)"', head[:5000])
    return _moment(found[1]) if found else None


def _moment(text: str) -> datetime | None:
    try:
        # Some write more digits of a second than Python reads.
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _record(found: Any, file: str, position: str, extracted_at: datetime | None) -> Record | Problem:
    if isinstance(found, dict):
        found = {nfc(key): value for key, value in found.items()}
        for keys, parse in _FORMS:
            if all(key in found for key in keys):
                return _parsed(parse, found, file, position, extracted_at)
    return Problem(file, position, "Bản ghi", NOT_KNOWN)


def _parsed(parse: Any, found: dict, file: str, position: str, extracted_at: datetime | None) -> Record | Problem:
    try:
        record = parse(found)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Problem(file, position, "Bản ghi", "Bản ghi có phần không đúng kiểu dữ liệu nên không đọc được.")
    record.file, record.position, record.synced_at = file, position, extracted_at
    return record


def _text(value: Any) -> str:
    """Return a text of the record; numbers are written out, anything else is a fault of the file."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


# The scraped pages of 2026: tables without separators.


def _scraped(found: dict) -> Record:
    def part(name: str, parse: Callable[[str], Any]) -> Any:
        return parse(_text(found[name])) if name in found else None

    methods, fee_rows = part("cach_thuc_thuc_hien", flattened.methods) or (None, None)
    return Record(
        code=part("ma_thu_tuc", cleaning.one_line) or None,
        name=part("ten_thu_tuc", cleaning.one_line) or None,
        source="json-2026",
        file="",
        portal_url=part("detail_url", cleaning.one_line) or None,
        decision_number=part("so_quyet_dinh", bases.decision_number),
        levels=part("cap_thuc_hien", labels.levels),
        regulation_kind=part("loai_thu_tuc", labels.regulation_kind),
        field=part("linh_vuc", cleaning.one_line),
        audience=part("doi_tuong_thuc_hien", cleaning.one_line),
        competent_agency=part("co_quan_co_tham_quyen", cleaning.names),
        receiving_address=part("dia_chi_tiep_nhan", cleaning.paragraphs),
        delegated_agency=part("co_quan_duoc_uy_quyen", cleaning.names),
        coordinating_agencies=part("co_quan_phoi_hop", cleaning.names),
        steps=part("trinh_tu_thuc_hien", cleaning.steps),
        methods=methods,
        fees=fee_rows,
        items=part("thanh_phan_ho_so", flattened.items),
        dossier_sets=part("thanh_phan_ho_so", papers.sets),
        legal_bases=part("can_cu_phap_ly", flattened.legal_bases),
        executing_agency=part("co_quan_thuc_hien", cleaning.names),
        requirements=part("yeu_cau_dieu_kien", cleaning.requirements),
        results=part("ket_qua_xu_ly", cleaning.results),
        keywords=part("ket_qua_xu_ly", cleaning.keywords_in_noise),
    )


# The parsed exports of 2025, with the labels as keys.


def _parsed_export(found: dict) -> Record:
    facts = {nfc(key): _text(value) for key, value in found["metadata"].items()}
    content = {nfc(key): _text(value) for key, value in found["content"].items()}
    tables = found["tables"]
    methods, fee_rows = _export_methods(tables.get("hinh_thuc_nop") or [])
    return Record(
        code=cleaning.one_line(facts.get("mã_thủ_tục")) or None,
        name=cleaning.one_line(facts.get("tên_thủ_tục")) or None,
        source="export-2025",
        file="",
        decision_number=bases.decision_number(facts.get("số_quyết_định")),
        levels=labels.levels(facts.get("cấp_thực_hiện")),
        regulation_kind=labels.regulation_kind(facts.get("loại_thủ_tục")),
        field=cleaning.one_line(facts.get("lĩnh_vực")),
        steps=cleaning.steps(content.get("trình_tự_thực_hiện")),
        audience=cleaning.one_line(content.get("đối_tượng_thực_hiện")),
        executing_agency=cleaning.names(content.get("cơ_quan_thực_hiện")),
        competent_agency=cleaning.names(content.get("cơ_quan_có_thẩm_quyền")),
        delegated_agency=cleaning.names(content.get("cơ_quan_được_ủy_quyền")),
        coordinating_agencies=cleaning.names(content.get("cơ_quan_phối_hợp")),
        receiving_address=cleaning.paragraphs(content.get("địa_chỉ_tiếp_nhận_hs")),
        results=cleaning.results(content.get("kết_quả_thực_hiện")),
        requirements=cleaning.requirements(content.get("yêu_cầu_điều_kiện_thực_hiện")),
        keywords=cleaning.one_line(content.get("từ_khóa")),
        methods=methods,
        fees=fee_rows,
        items=papers.with_cases([_export_item(row) for row in tables.get("thanh_phan_ho_so") or []]),
        legal_bases=bases.distinct(
            bases.basis(
                _text(row.get("so_ky_hieu")),
                _text(row.get("trich_yeu")),
                _text(row.get("co_quan_ban_hanh")),
                dates.day(_text(row.get("ngay_ban_hanh"))),
            )
            for row in tables.get("can_cu_phap_ly") or []
        ),
    )


def _export_methods(rows: list[dict]) -> tuple[list[MethodRecord], list[FeeRecord]]:
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for row in rows:
        channel = labels.channel(_text(row.get("hinh_thuc")))
        if channel:
            limit = limits.parse(_text(row.get("thoi_han_giai_quyet")))
            description = cleaning.paragraphs(_text(row.get("mo_ta")))
            methods.append(MethodRecord(channel, *limit, description="" if description == limit[2] else description))
            fee_rows.append((channel, fees.parse(_text(row.get("phi_le_phi")))))
    return methods, fees.merge(fee_rows)


def _export_item(row: dict) -> ItemRecord | None:
    """Read a paper whose quantity stands in `ghi_chu` and whose form's file stands in `so_luong`."""
    quantity = papers.QUANTITY.search(_text(row.get("ghi_chu")))
    numbers = (quantity[1], quantity[2]) if quantity else (None, None)
    form = papers.form(_text(row.get("so_luong")))
    return papers.item(_text(row.get("ten_giay_to")), "", numbers[0], numbers[1], form)


# The portal's own API.

_API_CHANNELS = {"ONLINE", "POSTAL", "DIRECT"}
_API_UNITS = {"WORKING_DAY", "DAY", "HOUR", "MONTH"}
_API_LEVELS = (
    ("isMinistry", "ministry"),
    ("isProvince", "province"),
    ("isWard", "commune"),
    ("isOtherAgency", "other"),
)


def _api(found: dict) -> Record:
    detail = found["detail"]
    methods, fee_rows = _api_methods(detail.get("executionMethods") or [])
    cases = detail.get("executionCases") or []
    items = [_api_item(row, case.get("name")) for case in cases for row in case.get("profileComponents") or []]
    return Record(
        code=cleaning.one_line(_text(detail.get("code"))) or None,
        name=cleaning.one_line(_text(detail.get("name"))) or None,
        source="api-2026",
        file="",
        portal_url=cleaning.one_line(_text(found.get("sourceUrl"))) or None,
        decision_number=bases.decision_number(_text(detail.get("decisionNo"))),
        levels=[level for key, level in _API_LEVELS if detail.get(key)],
        regulation_kind=labels.regulation_kind(_text(detail.get("formalityType"))),
        field=_api_names(detail.get("categoriesDetails")).split("; ")[0],
        audience=_api_names(detail.get("subjectTypesDetails")).replace("; ", ", "),
        steps=cleaning.steps("\n".join(_api_step(step) for step in detail.get("executionSteps") or [])),
        methods=methods,
        fees=fee_rows,
        items=papers.with_cases(items),
        results=cleaning.results("\n".join(_text(row.get("name")) for row in detail.get("resultsDetails") or [])),
        legal_bases=bases.distinct(
            bases.basis(_text(row.get("code")), _text(row.get("name")))
            for row in detail.get("legalBasisesDetails") or []
        ),
        executing_agency=_api_agencies(detail, "Executing"),
        competent_agency=_api_agencies(detail, "Authority"),
        delegated_agency=_api_agencies(detail, "Authorized"),
        coordinating_agencies=_api_agencies(detail, "Coordinating"),
        receiving_address=cleaning.paragraphs(_text(detail.get("dossierReceivingAddresses"))),
        requirements=cleaning.requirements(_text(detail.get("requirementsAndConditions"))),
        keywords=cleaning.one_line(_text(detail.get("keywords"))),
    )


def _api_names(rows: list[dict] | None) -> str:
    return cleaning.names("\n".join(_text(row.get("name")) for row in rows or []))


def _api_agencies(detail: dict, role: str) -> str:
    return _api_names([*(detail.get(f"departments{role}") or []), *(detail.get(f"unitGroups{role}") or [])])


def _api_step(step: dict) -> str:
    name, description = _text(step.get("name")), _text(step.get("description"))
    return f"{name}\n{description}" if name else description


def _api_methods(rows: list[dict]) -> tuple[list[MethodRecord], list[FeeRecord]]:
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for row in rows:
        if row.get("submissionMethod") not in _API_CHANNELS:
            continue
        channel = labels.channel(row["submissionMethod"])
        number, unit = row.get("processingTime"), row.get("processingTimeUnit")
        limit = limits.UNKNOWN
        if unit in _API_UNITS and isinstance(number, int | float | str):
            limit = limits.parse(f"{Decimal(str(number)).normalize():f} {unit}")
        methods.append(MethodRecord(channel, *limit, description=cleaning.paragraphs(_text(row.get("description")))))
        fee_rows.append((channel, [fee for one in row.get("fees") or [] for fee in _api_fee(one)]))
    return methods, fees.merge(fee_rows)


def _api_fee(row: dict) -> list[FeeRecord]:
    """Read one fee. The database calls a lệ phí SERVICE_FEE and a phí FEE."""
    note, currency = cleaning.plain(_text(row.get("description"))), _text(row.get("currencyName")) or "VNĐ"
    note = note.removeprefix("Đồng").strip()
    if note.startswith("(") and note.count("(") == note.count(")"):
        note = note[1:-1]
    found = fees.parse(f"{_text(row.get('value')) or 0} {currency} ({note})")
    for fee in found:
        if row.get("type") == "SERVICE_FEE":
            fee.kind = fees.Kind.CHARGE
    return found


def _api_item(row: dict, case: str | None) -> ItemRecord | None:
    attached = [_text(file.get("fileName")) for file in row.get("attachments") or []]
    form = papers.form(attached[0]) if attached else None
    note = f"Kèm: {'; '.join(attached[1:])}" if attached[1:] else ""
    return papers.item(
        _text(row.get("name")), case or "", row.get("originalQty"), row.get("copyQty"), form=form, note=note
    )


# The MongoDB export of 2021, which has no codes.


def _mongo(found: dict) -> Record:
    methods: list[MethodRecord] = []
    fee_rows: list[tuple[str, list[FeeRecord]]] = []
    for row in _nfc_keys(found.get("Cách thức thực hiện")):
        channel = labels.channel(_text(row.get("Hình thức nộp")))
        if channel:
            limit = limits.parse(_text(row.get("Thời hạn giải quyết")))
            methods.append(MethodRecord(channel, *limit, description=cleaning.paragraphs(_text(row.get("Mô tả")))))
            fee_rows.append((channel, fees.parse(_text(row.get("Phí, lệ phí")))))
    return Record(
        code=None,
        name=cleaning.one_line(_text(found["title"])) or None,
        source="mongo-2021",
        file="",
        steps=cleaning.steps(_text(found.get("Trình tự thực hiện"))),
        executing_agency=cleaning.names(_text(found.get("Cơ quan thực hiện"))),
        methods=methods,
        fees=fees.merge(fee_rows),
        items=papers.with_cases([_mongo_item(row) for row in _nfc_keys(found.get("Thành phần hồ sơ"))]),
    )


def _nfc_keys(rows: list[dict] | None) -> list[dict]:
    return [{nfc(key): value for key, value in row.items()} for row in rows or []]


def _mongo_item(row: dict) -> ItemRecord | None:
    name = _text(row.get("Tên giấy tờ"))
    quantity = papers.QUANTITY.search(_text(row.get("Số lượng - bản chính")))
    numbers = (quantity[1], quantity[2]) if quantity else (None, None)
    form = papers.form("", _text(row.get("Mẫu đơn, tờ khai")))
    if form:
        form.name = "Mẫu đơn, tờ khai"
    return papers.item(name, "", numbers[0], numbers[1], form)


_FORMS: tuple[tuple[tuple[str, ...], Callable[[dict], Record]], ...] = (
    (("ma_thu_tuc", "ten_thu_tuc"), _scraped),
    (("metadata", "content", "tables"), _parsed_export),
    (("searchItem", "detail"), _api),
    (("title", "Trình tự thực hiện"), _mongo),
)

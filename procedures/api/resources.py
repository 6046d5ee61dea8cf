"""What the API answers: each property's schema beside the function that reads it from a row.

Names are English, values that people read Vietnamese. An amount is a whole number of VND, a day
an ISO date; what is not known is null, never an empty text.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse

from procedures import wording
from procedures.api.parameters import Schema
from procedures.catalogue import FLAGS
from procedures.models import (
    DocumentRelation,
    DossierItem,
    Fee,
    FormFile,
    LegalDocument,
    Procedure,
    ProcedureChange,
    SubmissionMethod,
)

Read = Callable[[Any, date], Any]


@dataclass(frozen=True)
class Property:
    name: str
    description: str
    schema: Schema
    read: Read  # of a row, as of a day


@dataclass(frozen=True)
class Resource:
    """A kind of object; `title` says in Vietnamese what it is."""

    name: str
    title: str
    properties: tuple[Property, ...]

    @property
    def reference(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}

    @property
    def schema(self) -> Schema:
        return {
            "type": "object",
            "title": self.title,
            "properties": {each.name: {**each.schema, "description": each.description} for each in self.properties},
            "required": [each.name for each in self.properties],
            "additionalProperties": False,
        }

    def show(self, row: Any, on: date) -> dict[str, Any]:
        return {each.name: each.read(row, on) for each in self.properties}


def address(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _text(name: str, description: str, read: Callable[[Any], Any] | None = None, *, known: bool = False) -> Property:
    """Declare a text, null where nothing is known, unless it always is."""
    get = read or attrgetter(name)
    schema = {"type": "string"} if known else {"type": ["string", "null"]}
    return Property(name, description, schema, lambda row, on: get(row) or None)


def _link(name: str, description: str, read: Callable[[Any], str]) -> Property:
    return Property(name, description, {"type": "string", "format": "uri"}, lambda row, on: address(read(row)))


def _day(name: str, description: str) -> Property:
    get = attrgetter(name)
    return Property(name, description, {"type": ["string", "null"], "format": "date"}, lambda row, on: get(row))


def _moment(name: str, description: str, read: Callable[[Any], Any] | None = None) -> Property:
    get = read or attrgetter(name)
    return Property(name, description, {"type": ["string", "null"], "format": "date-time"}, lambda row, on: get(row))


def _count(name: str, description: str) -> Property:
    get = attrgetter(name)
    return Property(name, description, {"type": ["integer", "null"], "minimum": 0}, lambda row, on: get(row))


def _choice(name: str, description: str, choices: type[TextChoices], *, known: bool = True) -> Property:
    """Declare one of the values of the choices, whose labels go into the description."""
    get = attrgetter(name)
    said = f"{description} ({'; '.join(f'{value}: {label}' for value, label in choices.choices)})."
    if known:
        return Property(name, said, {"type": "string", "enum": list(choices.values)}, lambda row, on: get(row))
    schema = {"type": ["string", "null"], "enum": [*choices.values, None]}
    return Property(name, said, schema, lambda row, on: get(row) or None)


def _one(name: str, description: str, resource: Resource, read: Callable[[Any], Any] | None = None) -> Property:
    get = read or attrgetter(name)
    return Property(name, description, resource.reference, lambda row, on: resource.show(get(row), on))


def _one_or_none(name: str, description: str, resource: Resource, read: Callable[[Any], Any] | None = None) -> Property:
    get = read or attrgetter(name)
    schema = {"anyOf": [resource.reference, {"type": "null"}]}
    return Property(
        name, description, schema, lambda row, on: resource.show(one, on) if (one := get(row)) is not None else None
    )


def _many(name: str, description: str, resource: Resource, read: Callable[[Any], Iterable[Any]]) -> Property:
    schema = {"type": "array", "items": resource.reference}
    return Property(name, description, schema, lambda row, on: [resource.show(each, on) for each in read(row)])


def _codes(name: str, description: str, values: Iterable[str], read: Callable[[Any], list[str]]) -> Property:
    schema = {"type": "array", "items": {"type": "string", "enum": list(values)}, "uniqueItems": True}
    return Property(name, description, schema, lambda row, on: read(row))


def _state(name: str, description: str, read: Read, values: Iterable[str]) -> Property:
    return Property(name, description, {"type": "string", "enum": list(values)}, read)


def _flags(facet: str) -> Property:
    values = {flag: value for flag, (name, value) in FLAGS.items() if name == facet}
    name, description = {
        "audience": ("audiences", "Nhóm người thực hiện: cá nhân, doanh nghiệp hoặc cơ quan, tổ chức khác."),
        "level": ("levels", "Cấp thực hiện: bộ, tỉnh, huyện (trước 01/7/2025), xã, cơ quan khác."),
    }[facet]

    def read(procedure: Procedure) -> list[str]:
        return [value for flag, value in values.items() if getattr(procedure, flag)]

    return _codes(name, description, values.values(), read)


def _number(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _procedure_state(procedure: Procedure, on: date) -> str:
    if procedure.is_upcoming(on):
        return "upcoming"
    return "ended" if procedure.is_ended(on) else "in_force"


def _document_state(document: LegalDocument, on: date) -> str:
    if document.is_upcoming(on):
        return "upcoming"
    if document.is_lapsed(on):
        return "lapsed"
    return "in_force" if document.is_in_force(on) else "unknown"


def _fees_today(procedure: Procedure, on: date) -> list[Fee]:
    return [fee for fee in procedure.fees.all() if fee.is_valid(on)]


def _channels(procedure: Procedure) -> list[str]:
    offered = {method.channel for method in procedure.methods.all()}
    return [channel for channel in SubmissionMethod.Channel.values if channel in offered]


def _form_address(form: FormFile) -> str:
    return address(form.file.url) if form.file else form.url


def procedure_url(procedure: Procedure) -> str:
    return reverse("api:procedure-detail", args=[procedure.code])


def _public_url(procedure: Procedure) -> str | None:
    return address(procedure_url(procedure)) if procedure.is_published and procedure.code else None


FIELD_REFERENCE = Resource(
    "FieldReference",
    "Lĩnh vực, nêu ngắn",
    (
        _text("slug", "Tên trong địa chỉ; dùng cho tham số field.", known=True),
        _text("name", "Tên lĩnh vực.", known=True),
    ),
)

FIELD = Resource(
    "Field",
    "Lĩnh vực",
    (
        *FIELD_REFERENCE.properties,
        _text("description", "Giới thiệu."),
        _text("unit", "Đơn vị phụ trách.", lambda field: field.unit and field.unit.name),
        Property(
            "procedures_in_force",
            "Số thủ tục đang áp dụng.",
            {"type": "integer", "minimum": 0},
            lambda field, on: field.procedures_in_force,
        ),
        _link("page", "Trang cho người đọc.", lambda field: field.get_absolute_url()),
    ),
)

PROCEDURE_REFERENCE = Resource(
    "ProcedureReference",
    "Thủ tục, nêu ngắn",
    (
        # A change may tell of a procedure that is not public yet, or no longer.
        _text("code", "Mã thủ tục trong Cơ sở dữ liệu quốc gia."),
        _text("title", "Tên ngắn, dễ hiểu.", known=True),
        Property(
            "url",
            "Thủ tục này trong API; null khi chưa hoặc không còn công khai.",
            {"type": ["string", "null"], "format": "uri"},
            lambda procedure, on: _public_url(procedure),
        ),
    ),
)

PROCEDURE = Resource(
    "Procedure",
    "Thủ tục trong danh sách",
    (
        _text("code", "Mã thủ tục trong Cơ sở dữ liệu quốc gia.", known=True),
        _text("title", "Tên ngắn, dễ hiểu.", known=True),
        _text("name", "Tên trong quyết định công bố.", known=True),
        _one_or_none("field", "Lĩnh vực.", FIELD_REFERENCE),
        _state("state", "Tình trạng vào ngày hỏi.", _procedure_state, ["in_force", "upcoming", "ended"]),
        _day("in_force_from", "Ngày có hiệu lực."),
        _day("in_force_to", "Ngày cuối cùng còn áp dụng."),
        _flags("audience"),
        _flags("level"),
        _choice("online_level", "Mức độ trực tuyến", Procedure.OnlineLevel, known=False),
        _codes("channels", "Các cách nộp.", SubmissionMethod.Channel.values, _channels),
        _text("time_summary", "Thời hạn, nói ngắn.", lambda procedure: wording.time_summary(procedure.methods.all())),
        Property(
            "fee_summary",
            "Phí, lệ phí của ngày hỏi, nói ngắn.",
            {"type": "string"},
            lambda procedure, on: wording.fee_summary(_fees_today(procedure, on)),
        ),
        _link("url", "Thủ tục này trong API.", procedure_url),
        _link("page", "Trang cho người đọc.", lambda procedure: procedure.get_absolute_url()),
    ),
)

METHOD = Resource(
    "SubmissionMethod",
    "Cách thức thực hiện",
    (
        _choice("channel", "Cách nộp", SubmissionMethod.Channel),
        Property(
            "time_limit",
            "Thời hạn bằng số; null khi chỉ ghi được bằng chữ hoặc chưa rõ.",
            {"type": ["number", "null"], "exclusiveMinimum": 0},
            lambda method, on: _number(method.time_limit),
        ),
        _choice("time_unit", "Đơn vị của thời hạn", SubmissionMethod.TimeUnit, known=False),
        _text("time_text", "Thời hạn bằng chữ."),
        _text("description", "Mô tả."),
    ),
)

FEE = Resource(
    "Fee",
    "Phí, lệ phí của một thủ tục",
    (
        _choice("kind", "Loại", Fee.Kind),
        _choice("state", "Có thu hay không", Fee.State),
        Property(
            "amount",
            "Số tiền, tính bằng đồng; chỉ có khi state là amount.",
            {"type": ["integer", "null"], "minimum": 1},
            lambda fee, on: fee.amount,
        ),
        _text("note", "Thu cho việc gì, trường hợp nào."),
        _choice("channel", "Chỉ với cách nộp này; null là mọi cách", SubmissionMethod.Channel, known=False),
        _day("valid_from", "Áp dụng từ ngày."),
        _day("valid_to", "Áp dụng đến hết ngày."),
    ),
)

FEE_LINE = Resource(
    "FeeLine",
    "Phí, lệ phí trong bảng chung",
    (*FEE.properties, _one("procedure", "Thủ tục có khoản thu này.", PROCEDURE_REFERENCE)),
)

FORM = Resource(
    "FormFile",
    "Mẫu đơn, tờ khai",
    (
        _text("name", "Tên mẫu.", known=True),
        Property("url", "Nơi tải.", {"type": ["string", "null"]}, lambda form, on: _form_address(form) or None),
    ),
)

DOSSIER_ITEM = Resource(
    "DossierItem",
    "Giấy tờ cần nộp",
    (
        _text("name", "Tên giấy tờ.", known=True),
        _text("case", "Chỉ với trường hợp này; null là luôn cần.", lambda item: item.case and item.case.name),
        _count("originals", "Số bản chính."),
        _count("copies", "Số bản sao."),
        _one_or_none("form", "Mẫu đơn, tờ khai.", FORM),
        _text("note", "Ghi chú."),
    ),
)

DOCUMENT_REFERENCE = Resource(
    "DocumentReference",
    "Văn bản, nêu ngắn",
    (
        _text("number", "Số, ký hiệu.", known=True),
        _text("title", "Trích yếu."),
        _link("url", "Văn bản này trong API.", lambda document: reverse("api:document-detail", args=[document.slug])),
    ),
)

LEGAL_BASIS = Resource(
    "LegalBasis",
    "Căn cứ pháp lý",
    (_one("document", "Văn bản.", DOCUMENT_REFERENCE), _text("note", "Ghi chú.")),
)


def _items(procedure: Procedure) -> Iterable[DossierItem]:
    """Return the papers, each knowing its case without another query."""
    cases = {case.pk: case for case in procedure.cases.all()}
    items = list(procedure.items.all())
    for item in items:
        item.case = cases.get(item.case_id) if item.case_id else None
    return items


PROCEDURE_DETAIL = Resource(
    "ProcedureDetail",
    "Thủ tục với đủ các phần",
    (
        *PROCEDURE.properties,
        _text("regulation_kind", "Loại thủ tục."),
        _text("audience", "Đối tượng thực hiện, bằng chữ."),
        _text("steps", "Trình tự thực hiện."),
        _text("requirements", "Yêu cầu, điều kiện."),
        _count("dossier_sets", "Số bộ hồ sơ."),
        _text("results", "Kết quả thực hiện."),
        _text("executing_agency", "Cơ quan thực hiện."),
        _text("competent_agency", "Cơ quan có thẩm quyền quyết định."),
        _text("delegated_agency", "Cơ quan được ủy quyền."),
        _text("coordinating_agencies", "Cơ quan phối hợp."),
        _text("receiving_address", "Địa chỉ tiếp nhận hồ sơ."),
        _text("decision_number", "Số quyết định công bố."),
        _day("decision_on", "Ngày quyết định công bố."),
        _text("portal_url", "Trang trên Cổng Dịch vụ công quốc gia."),
        _moment("synced_at", "Lấy từ Cơ sở dữ liệu quốc gia lúc."),
        _day("checked_on", "Văn phòng Sở kiểm tra ngày."),
        _many("methods", "Cách thức thực hiện.", METHOD, lambda procedure: procedure.methods.all()),
        _many("fees", "Phí, lệ phí, cả của ngày đã qua và sắp tới.", FEE, lambda procedure: procedure.fees.all()),
        _many("dossier_items", "Thành phần hồ sơ.", DOSSIER_ITEM, _items),
        _many("legal_bases", "Căn cứ pháp lý.", LEGAL_BASIS, lambda procedure: procedure.legal_bases.all()),
        _link(
            "versions",
            "Các bản có hiệu lực của thủ tục này.",
            lambda procedure: reverse("api:version-list", args=[procedure.code]),
        ),
    ),
)

DOCUMENT = Resource(
    "Document",
    "Văn bản",
    (
        _text("number", "Số, ký hiệu.", known=True),
        _text("slug", "Tên trong địa chỉ.", known=True),
        _choice("kind", "Loại văn bản", LegalDocument.Kind),
        _text("title", "Trích yếu."),
        _text("issuer", "Cơ quan ban hành."),
        _text("signer", "Chức vụ người ký."),
        _day("issued_on", "Ngày ban hành."),
        _day("valid_from", "Có hiệu lực từ ngày."),
        _day("valid_to", "Có hiệu lực đến hết ngày."),
        _state("state", "Tình trạng hôm nay.", _document_state, ["in_force", "upcoming", "lapsed", "unknown"]),
        _text("note", "Ghi chú cho người đọc."),
        _link("url", "Văn bản này trong API.", lambda document: reverse("api:document-detail", args=[document.slug])),
        _link("page", "Trang cho người đọc.", lambda document: document.get_absolute_url()),
    ),
)

RELATION = Resource(
    "DocumentRelation",
    "Quan hệ với văn bản khác",
    (
        _choice("kind", "Văn bản nêu trước làm gì với văn bản nêu sau", DocumentRelation.Kind),
        _one("document", "Văn bản nêu trước.", DOCUMENT_REFERENCE),
        _one("target", "Văn bản nêu sau.", DOCUMENT_REFERENCE),
        _text("note", "Ở điều, khoản nào."),
    ),
)

DOCUMENT_DETAIL = Resource(
    "DocumentDetail",
    "Văn bản với quan hệ của nó và các thủ tục căn cứ vào đó",
    (
        *DOCUMENT.properties,
        _many(
            "relations",
            "Quan hệ với văn bản khác, theo cả hai chiều.",
            RELATION,
            lambda document: [*document.relations.all(), *document.reverse_relations.all()],
        ),
        _many(
            "procedures",
            "Thủ tục đã công khai căn cứ vào văn bản này.",
            PROCEDURE_REFERENCE,
            lambda document: document.procedures.all(),
        ),
    ),
)

CHANGE = Resource(
    "Change",
    "Thay đổi của một thủ tục",
    (
        Property("id", "Số của thay đổi, không đổi.", {"type": "integer"}, lambda change, on: change.pk),
        _choice("kind", "Loại thay đổi", ProcedureChange.Kind),
        _one("procedure", "Thủ tục thay đổi.", PROCEDURE_REFERENCE),
        _one_or_none("successor", "Thủ tục thay thế.", PROCEDURE_REFERENCE),
        Property(
            "effective_on",
            "Áp dụng từ ngày.",
            {"type": "string", "format": "date"},
            lambda change, on: change.effective_on,
        ),
        _state(
            "state",
            "Đã áp dụng vào hôm nay hay chưa.",
            lambda change, on: "upcoming" if change.effective_on > on else "in_effect",
            ["upcoming", "in_effect"],
        ),
        Property(
            "parts",
            "Các phần thay đổi.",
            {"type": "array", "items": {"type": "string"}},
            lambda change, on: list(change.parts),
        ),
        _text("sentence", "Một câu cho người dân.", wording.change_sentence, known=True),
        _one("document", "Văn bản công bố.", DOCUMENT_REFERENCE, attrgetter("decision.document")),
        _moment("published_at", "Công bố trên trang này lúc.", attrgetter("decision.published_at")),
    ),
)

VERSION = Resource(
    "Version",
    "Bản có hiệu lực của thủ tục",
    (
        Property(
            "valid_from",
            "Áp dụng từ ngày.",
            {"type": "string", "format": "date"},
            lambda version, on: version.valid_from,
        ),
        _day("valid_to", "Ngày cuối cùng; null khi chưa có bản sau."),
        _one_or_none("change", "Thay đổi mang lại bản này.", CHANGE),
        _link(
            "url",
            "Nội dung của bản này.",
            lambda version: reverse("api:version-detail", args=[version.procedure.code, version.valid_from]),
        ),
    ),
)

# A resource stands after those that it is made of.
RESOURCES = [
    FIELD_REFERENCE,
    FIELD,
    PROCEDURE_REFERENCE,
    PROCEDURE,
    METHOD,
    FEE,
    FEE_LINE,
    FORM,
    DOSSIER_ITEM,
    DOCUMENT_REFERENCE,
    LEGAL_BASIS,
    PROCEDURE_DETAIL,
    DOCUMENT,
    RELATION,
    DOCUMENT_DETAIL,
    CHANGE,
    VERSION,
]

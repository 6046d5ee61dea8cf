"""What a person asks of the list of procedures, read from its address and written back to one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from portal.text import fold, tidy
from procedures.catalogue import Catalogue
from procedures.models import Field

QUERY_LENGTH = 300


@dataclass(frozen=True)
class Facet:
    """One filter: its parameter and label, and what its values in addresses mean to the catalogue."""

    name: str  # as the catalogue calls it
    parameter: str
    label: str
    values: Mapping[str, tuple[str, str]]  # in the address: (to the catalogue, in words)
    default: str = "Tất cả"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Select:
    """A filter as the page offers it: only choices that leave something."""

    facet: Facet
    choices: list[Choice]


@dataclass(frozen=True)
class ActiveFilter:
    facet: Facet
    label: str
    url_without: str


FACETS = [
    Facet(
        "audience",
        "doi-tuong",
        "Người thực hiện",
        {
            "ca-nhan": ("individual", "Cá nhân"),
            "doanh-nghiep": ("business", "Doanh nghiệp, hợp tác xã"),
            "to-chuc": ("organisation", "Cơ quan, tổ chức khác"),
        },
    ),
    Facet(
        "online",
        "truc-tuyen",
        "Mức độ trực tuyến",
        {
            "toan-trinh": ("full", "Toàn trình"),
            "mot-phan": ("partial", "Một phần"),
            "thong-tin": ("info_only", "Chỉ cung cấp thông tin"),
            "chua-co": ("none", "Chưa có trực tuyến"),
            "chua-ro": ("unknown", "Chưa có thông tin"),
        },
    ),
    Facet(
        "level",
        "cap",
        "Cấp thực hiện",
        {
            "bo": ("ministry", "Bộ, trung ương"),
            "tinh": ("province", "Tỉnh"),
            "huyen": ("district", "Huyện (trước 01/7/2025)"),
            "xa": ("commune", "Xã"),
            "khac": ("other", "Cơ quan khác"),
        },
    ),
    Facet(
        "fee",
        "phi",
        "Phí, lệ phí",
        {
            "khong-thu": ("free", "Không thu phí"),
            "co-thu": ("amount", "Có mức thu"),
            "chua-ro": ("unknown", "Chưa có thông tin"),
        },
    ),
    Facet(
        "time",
        "thoi-han",
        "Thời hạn",
        {
            "1": ("1", "Trong 1 ngày làm việc"),
            "5": ("5", "Trong 5 ngày làm việc"),
            "10": ("10", "Trong 10 ngày làm việc"),
            "20": ("20", "Trong 20 ngày làm việc"),
            "hon-20": ("over", "Hơn 20 ngày làm việc"),
            "chua-ro": ("unknown", "Không ghi bằng số ngày"),
        },
    ),
    Facet(
        "state",
        "tinh-trang",
        "Tình trạng",
        {"sap-ap-dung": ("upcoming", "Sắp áp dụng"), "het-hieu-luc": ("ended", "Hết hiệu lực")},
        default="Đang áp dụng",
    ),
]


def facets() -> list[Facet]:
    """Return the filters in the order of the page and of addresses; costs one query for the fields."""
    # Sorted here: a database need not know that Đ comes after D.
    fields = sorted(Field.objects.values_list("order", "name", "slug"), key=lambda row: (row[0], fold(row[1])))
    return [Facet("field", "linh-vuc", "Lĩnh vực", {slug: (slug, name) for _, name, slug in fields}), *FACETS]


@dataclass(frozen=True)
class Criteria:
    """The words and choices of one list; those not understood are left out."""

    facets: list[Facet]
    text: str
    values: Mapping[str, str]  # parameter: value in the address
    ignored: bool = False  # something in the address was not understood

    @classmethod
    def read(cls, parameters: QueryDict) -> "Criteria":
        known = facets()
        values, ignored = {}, False
        for facet in known:
            value = parameters.get(facet.parameter, "").strip()
            if value in facet.values:
                values[facet.parameter] = value
            elif value and value != "dang-ap-dung":
                ignored = True
        return cls(known, _clean(parameters.get("q", "")), values, ignored)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.values)

    @property
    def choices(self) -> dict[str, str]:
        """Return the choices as the catalogue takes them."""
        return {
            facet.name: facet.values[self.values[facet.parameter]][0]
            for facet in self.facets
            if facet.parameter in self.values
        }

    @property
    def url(self) -> str:
        """Return the one address of this list, without a page number."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, self.values[name]) for facet in self.facets if (name := facet.parameter) in self.values]
        address = reverse("procedures:procedure-list")
        return f"{address}?{urlencode(pairs)}" if pairs else address

    @property
    def url_of_text(self) -> str:
        return replace(self, values={}).url

    @property
    def state(self) -> str:
        """Return the state of the procedures listed, in words."""
        return self._label("tinh-trang") or "Đang áp dụng"

    @property
    def is_other_state(self) -> bool:
        return "tinh-trang" in self.values

    def with_text(self, text: str) -> "Criteria":
        return replace(self, text=text)

    def with_only(self, parameter: str, value: str) -> "Criteria":
        return replace(self, values={parameter: value})

    def active(self) -> list[ActiveFilter]:
        found = []
        for facet in self.facets:
            if label := self._label(facet.parameter):
                rest = {name: value for name, value in self.values.items() if name != facet.parameter}
                found.append(ActiveFilter(facet, label, replace(self, values=rest).url))
        return found

    def selects(self, catalogue: Catalogue, within: int | None = None) -> list[Select]:
        """Return the filters with the count of each choice; `within` is the hits of a search."""
        return [self._select(facet, catalogue.counts(facet.name, self.choices, within)) for facet in self.facets]

    def states(self, catalogue: Catalogue, within: int) -> list[Choice]:
        """Return the states other than in force in which the hits of a search are, the other choices dropped."""
        state = next(facet for facet in self.facets if facet.name == "state")
        choices = self._select(state, catalogue.counts("state", {}, within)).choices
        return [choice for choice in choices if choice.count and not choice.selected]

    def _select(self, facet: Facet, counts: Mapping[str, int]) -> Select:
        chosen = self.values.get(facet.parameter)
        choices = [
            Choice(value, label, counts.get(key, 0), value == chosen)
            for value, (key, label) in facet.values.items()
            if value == chosen or counts.get(key)
        ]
        return Select(facet, choices)

    def _label(self, parameter: str) -> str:
        facet = next(facet for facet in self.facets if facet.parameter == parameter)
        return facet.values[self.values[parameter]][1] if parameter in self.values else ""


def _clean(text: str) -> str:
    """Return what was typed without line breaks and invisible signs, at most 300 characters."""
    text = tidy(text).replace("\n", " ")
    return "".join(sign for sign in text if sign.isprintable())[:QUERY_LENGTH].strip()

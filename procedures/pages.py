"""What the page of one procedure shows, in its order (NĐ 63/2010 Đ8.2), made ready for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal.models import Organisation, Unit
from portal.templatetags.vietnamese import money, viet_date
from procedures import prose, wording
from procedures.models import DossierCase, DossierItem, Fee, Procedure, SubmissionMethod

ONLINE = SubmissionMethod.Channel.ONLINE
LEVELS = {Procedure.OnlineLevel.FULL: "toàn trình", Procedure.OnlineLevel.PARTIAL: "một phần"}
# Longer ones are told in their own part of the page instead of among the four facts or in a table.
FACT_LENGTH = 100
PLACE_LENGTH = 160


@dataclass(frozen=True)
class MethodRow:
    channel: str
    place: str
    time: str
    note: str


@dataclass(frozen=True)
class FeeRow:
    kind: str
    note: str
    channels: str
    level: str


@dataclass(frozen=True)
class FeeTable:
    """The fees from one day on; today's table has no day."""

    starts_on: date | None
    rows: list[FeeRow]

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def has_channels(self) -> bool:
        return any(row.channels for row in self.rows)


@dataclass(frozen=True)
class Dossier:
    """The papers of one case, or those asked for always."""

    case: DossierCase | None
    items: list[DossierItem]


class ProcedurePage:
    def __init__(self, procedure: Procedure, organisation: Organisation, on: date) -> None:
        self.procedure = procedure
        self.organisation = organisation
        self.on = on
        self.methods = list(procedure.methods.all())

    @property
    def status(self) -> wording.Status:
        return wording.status(self.procedure, self.on)

    @property
    def is_upcoming(self) -> bool:
        return self.procedure.is_upcoming(self.on)

    @property
    def is_ended(self) -> bool:
        return self.procedure.is_ended(self.on)

    @property
    def full_name(self) -> str:
        """Return the official name where the title is another one."""
        return self.procedure.name if self.procedure.name != self.procedure.title else ""

    @property
    def description(self) -> str:
        """Return the facts in a sentence or two, for search engines."""
        time = f"Thời hạn {self.time}. " if self.time else ""
        channels = f" Nộp {self.channels}." if self.channels else ""
        return f"{time}Phí: {wording.uncapital(self.fee)}.{channels}"

    # The four facts.

    @property
    def time(self) -> str:
        return wording.time_summary(self.methods)

    @property
    def fee(self) -> str:
        return wording.fee_summary(self._fees_today)

    @property
    def channels(self) -> str:
        said = wording.channel_summary(self.methods)
        level = LEVELS.get(Procedure.OnlineLevel(self.procedure.online_level)) if self.procedure.online_level else None
        return said.replace("trực tuyến", f"trực tuyến {level}", 1) if level else said

    @property
    def time_fact(self) -> str:
        return wording.capital(self.time)

    @property
    def channels_fact(self) -> str:
        return wording.capital(self.channels)

    @property
    def result(self) -> str:
        """Return the result where it is one short line."""
        result = self.procedure.results.lstrip("-+* ")
        return result if "\n" not in result and len(result) <= FACT_LENGTH else ""

    @property
    def filing_url(self) -> str:
        if self.is_ended or not any(method.channel == ONLINE for method in self.methods):
            return ""
        return self.procedure.portal_url or self.organisation.national_portal_url

    # The parts of the page.

    @cached_property
    def contents(self) -> list[tuple[str, str]]:
        """Return the ids and headings of the parts that this page has."""
        parts = [
            ("doi-tuong", "Ai làm thủ tục này", self.audience or self.procedure.requirements),
            ("ho-so", "Giấy tờ cần nộp", self.dossiers),
            ("cach-lam", "Các bước thực hiện", self.procedure.steps),
            ("noi-nop", "Nơi nộp, thời hạn, phí", True),
            ("ket-qua", "Kết quả nhận được", self.procedure.results),
            ("can-cu", "Căn cứ pháp lý", self.procedure.legal_bases.all() or self.procedure.decision_number),
            ("vuong-mac", "Gặp vướng mắc?", True),
        ]
        return [(anchor, heading) for anchor, heading, present in parts if present]

    @property
    def audience(self) -> str:
        if self.procedure.audience:
            return self.procedure.audience
        flags = [
            (self.procedure.for_individuals, "cá nhân"),
            (self.procedure.for_businesses, "doanh nghiệp, hợp tác xã"),
            (self.procedure.for_organisations, "cơ quan, tổ chức khác"),
        ]
        return wording.capital("; ".join(label for flag, label in flags if flag))

    @cached_property
    def step_groups(self) -> list[prose.StepGroup]:
        return prose.step_groups(self.procedure.steps)

    @cached_property
    def dossiers(self) -> list[Dossier]:
        """Return the papers asked for always, then those of each case."""
        by_case: dict[int | None, list[DossierItem]] = {}
        for item in self.procedure.items.all():
            by_case.setdefault(item.case_id, []).append(item)
        cases: list[DossierCase | None] = [None, *self.procedure.cases.all()]
        found = [Dossier(case, by_case.get(case.pk if case else None, [])) for case in cases]
        return [dossier for dossier in found if dossier.items]

    @cached_property
    def method_rows(self) -> list[MethodRow]:
        rows = [
            MethodRow(
                wording.CHANNELS[method.channel],
                self._place(method.channel),
                wording.time_limit(method) or wording.UNKNOWN,
                "\n".join(filter(None, [self._time_note(method), "" if self.common_note else method.description])),
            )
            for method in self.methods
        ]
        return list(dict.fromkeys(rows))

    @cached_property
    def common_note(self) -> str:
        """Return what is said of every way to file in the same words."""
        notes = {method.description for method in self.methods}
        return notes.pop() if len(notes) == 1 and len(self.methods) > 1 else ""

    @property
    def agencies(self) -> list[tuple[str, str]]:
        parts = [
            ("Cơ quan thực hiện", self.procedure.executing_agency),
            ("Cơ quan có thẩm quyền quyết định", self.procedure.competent_agency),
            ("Cơ quan được ủy quyền", self.procedure.delegated_agency),
            ("Cơ quan phối hợp", self.procedure.coordinating_agencies),
            ("Địa chỉ tiếp nhận", "" if self._has_short_address else self.procedure.receiving_address),
        ]
        return [(label, text) for label, text in parts if text]

    @cached_property
    def fee_tables(self) -> list[FeeTable]:
        """Return today's fees, then those already known for later days; none where a sentence says it all."""
        tables = []
        today = self._fees_today
        if any(fee.state == Fee.State.AMOUNT or fee.note or fee.valid_to for fee in today):
            tables.append(FeeTable(None, self._fee_rows(today)))
        later = [fee for fee in self.procedure.fees.all() if fee.valid_from and fee.valid_from > self.on]
        for day in sorted({fee.valid_from for fee in later if fee.valid_from}):
            tables.append(FeeTable(day, self._fee_rows([fee for fee in later if fee.valid_from == day])))
        return tables

    @property
    def has_fee_table_today(self) -> bool:
        return bool(self.fee_tables) and self.fee_tables[0].starts_on is None

    @property
    def unit(self) -> Unit | None:
        """Return who answers questions about the procedure."""
        return self.procedure.unit or (self.procedure.field.unit if self.procedure.field else None)

    @cached_property
    def _fees_today(self) -> list[Fee]:
        return [fee for fee in self.procedure.fees.all() if fee.is_valid(self.on)]

    @property
    def _has_short_address(self) -> bool:
        address = self.procedure.receiving_address
        return bool(address) and "\n" not in address and len(address) <= PLACE_LENGTH

    def _place(self, channel: str) -> str:
        if channel == ONLINE:
            return "Cổng Dịch vụ công quốc gia"
        counter = ", ".join(filter(None, [self.organisation.reception_name, self.organisation.reception_address]))
        if self._has_short_address:
            place = self.procedure.receiving_address
        elif self.procedure.receiving_address:
            place = "Địa chỉ tiếp nhận nêu ở dưới"
        elif self.procedure.at_province and counter:
            place = counter
        else:
            place = self.procedure.executing_agency or self.procedure.competent_agency
        return place or wording.UNKNOWN

    @staticmethod
    def _time_note(method: SubmissionMethod) -> str:
        return method.time_text if method.time_limit is not None else ""

    def _fee_rows(self, fees: Iterable[Fee]) -> list[FeeRow]:
        """Return a row for each fee; what is the same for several ways to file stands once."""
        channels: dict[tuple[str, str, str], list[str]] = {}
        for fee in fees:
            key = (fee.get_kind_display(), fee.note, _fee_level(fee))
            channels.setdefault(key, []).append(fee.channel)
        offered = {method.channel for method in self.methods}
        return [
            FeeRow(kind, note, "" if "" in named or offered <= set(named) else _channel_names(named), level)
            for (kind, note, level), named in channels.items()
        ]


def _fee_level(fee: Fee) -> str:
    level = {
        Fee.State.AMOUNT: money(fee.amount),
        Fee.State.FREE: "Không thu",
        Fee.State.UNKNOWN: wording.UNKNOWN,
    }[Fee.State(fee.state)]
    return f"{level}, đến hết ngày {viet_date(fee.valid_to)}" if fee.valid_to else level


def _channel_names(channels: list[str]) -> str:
    return wording.capital(", ".join(label.lower() for key, label in wording.CHANNELS.items() if key in channels))

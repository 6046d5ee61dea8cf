"""What the page of one procedure shows, in its order (NĐ 63/2010 Đ8.2), made ready for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse

from portal.asked_day import AskedDay
from portal.models import Organisation, Unit
from portal.templatetags.vietnamese import money, viet_date
from portal.text import fold
from procedures import changes, documents, forms_in_force, prose, wording
from procedures.models import (
    DossierCase,
    DossierItem,
    Fee,
    FormFile,
    InternalProcess,
    LegalDocument,
    Procedure,
    ProcedureChange,
    SubmissionMethod,
)

ENDING = {ProcedureChange.Kind.REPLACED, ProcedureChange.Kind.REPEALED}
ONLINE = SubmissionMethod.Channel.ONLINE
LEVELS = {Procedure.OnlineLevel.FULL: "toàn trình", Procedure.OnlineLevel.PARTIAL: "một phần"}
# Longer ones are told in their own part of the page instead of among the four facts or in a table.
FACT_LENGTH = 80
PLACE_LENGTH = 160


@dataclass(frozen=True)
class Notice:
    title: str
    text: str


@dataclass(frozen=True)
class Limit:
    """One or more limits of which the record says the same."""

    text: str
    note: str


@dataclass(frozen=True)
class MethodRow:
    channel: str
    place: str
    limits: list[Limit]


@dataclass(frozen=True)
class FeeRow:
    what: str
    details: str  # for which ways to file, until when
    level: str


@dataclass(frozen=True)
class FeeTable:
    """The fees from one day on; today's table has no day."""

    starts_on: date | None
    rows: list[FeeRow]


@dataclass(frozen=True)
class Dossier:
    """The papers of one case, or those asked for always."""

    case: DossierCase | None
    items: list[DossierItem]


class ProcedurePage:
    def __init__(self, procedure: Procedure, organisation: Organisation, on: date, *, dated: bool = False) -> None:
        self.procedure = procedure
        self.organisation = organisation
        self.on = on
        self.dated = dated  # it is the page of a day, not of today
        self.methods = list(procedure.methods.all())

    @property
    def status(self) -> wording.Status:
        return wording.status(self.procedure, self.on)

    @property
    def notice(self) -> Notice | None:
        """Return what a reader must know first where the procedure does not simply apply."""
        if self.procedure.is_ended(self.on):
            last = f"Ngày cuối cùng còn áp dụng: {viet_date(self.procedure.in_force_to)}."
            return Notice("Thủ tục này đã hết hiệu lực.", f"{last} Nội dung dưới đây chỉ để tra cứu.")
        if self.procedure.is_upcoming(self.on):
            return Notice("Thủ tục này chưa áp dụng.", f"Áp dụng từ ngày {viet_date(self.procedure.in_force_from)}.")
        if self.procedure.in_force_to and not self.ending:
            return Notice("Thủ tục này áp dụng có thời hạn.", f"Đến hết ngày {viet_date(self.procedure.in_force_to)}.")
        return None

    @cached_property
    def changes(self) -> list[ProcedureChange]:
        """Return what decisions have done to the procedure, the latest to take effect first."""
        found = changes.for_reading(ProcedureChange.objects.published().of_procedure(self.procedure))
        return list(found.order_by("-effective_on", "order", "pk"))

    @property
    def news(self) -> list[ProcedureChange]:
        """Return its changes of the last days and those to come."""
        since = self.on - timedelta(days=changes.RECENT_DAYS)
        return [change for change in self.changes if change.effective_on >= since and change != self.ending]

    @property
    def asked_day(self) -> AskedDay:
        """Return what the form for another day shows: nothing chosen yet."""
        return AskedDay(self.on, True, "")

    @property
    def ending(self) -> ProcedureChange | None:
        """Return the change that ends the procedure, or has ended it."""
        own = (change for change in self.changes if change.procedure_id == self.procedure.pk)
        return next((change for change in own if change.kind in ENDING), None)

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

    @cached_property
    def decision(self) -> LegalDocument | None:
        """Return the document that published the procedure, where the library has it."""
        return documents.decision_of(self.procedure)

    @cached_property
    def process_url(self) -> str:
        """Return where the office's own steps are told, if they are for this day."""
        processes = InternalProcess.objects.public().valid(self.on)
        known = bool(self.procedure.code) and processes.filter(procedure__code=self.procedure.code).exists()
        return reverse("procedures:process-detail", args=[self.procedure.code]) if known else ""

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
        result = self.procedure.results.lstrip("-+* ").rstrip(".")
        return result if "\n" not in result and len(result) <= FACT_LENGTH else ""

    @property
    def filing_url(self) -> str:
        if self.procedure.is_ended(self.on) or not any(method.channel == ONLINE for method in self.methods):
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
            ("lich-su", "Lịch sử thay đổi", self.procedure.is_published),
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

    def form_address(self, form: FormFile) -> str:
        """Return an address of the form that stays, of the page's day; of a draft, that of the file."""
        file_address = forms_in_force.file_address(form)
        if not file_address or not self.procedure.is_published:
            return file_address
        arguments = [self.procedure.code, self._form_words[file_address]]
        if self.dated:
            arguments.insert(1, self.on.isoformat())
            return reverse("procedures:form-as-of", args=arguments)
        return reverse("procedures:form", args=arguments)

    @cached_property
    def _form_words(self) -> dict[str, str]:
        return forms_in_force.words(self.procedure)

    @cached_property
    def method_rows(self) -> list[MethodRow]:
        below = [Limit("Nêu ở dưới bảng", "")]
        return [
            MethodRow(wording.CHANNELS[channel], self._place(channel), below if self.common_limits else limits)
            for channel, limits in self._limits.items()
        ]

    @cached_property
    def common_limits(self) -> list[Limit]:
        """Return limits in long words that are the same for every way to file, to be said once."""
        first, *others = list(self._limits.values()) or [[]]
        is_long = any(len(limit.text) + len(limit.note) > PLACE_LENGTH for limit in first)
        return first if others and is_long and all(other == first for other in others) else []

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
        """Return today's fees, unless a sentence says it all, then those already known for later days."""
        tables = []
        today = self._fee_rows(self._fees_today)
        if len(today) > 1 or any(fee.state == Fee.State.AMOUNT for fee in self._fees_today):
            tables.append(FeeTable(None, today))
        later = [fee for fee in self.procedure.fees.all() if fee.valid_from and fee.valid_from > self.on]
        for day in sorted({fee.valid_from for fee in later if fee.valid_from}):
            tables.append(FeeTable(day, self._fee_rows([fee for fee in later if fee.valid_from == day])))
        return tables

    @property
    def fee_sentence(self) -> str:
        """Return in words what needs no table: free or unknown, with what the record says about it."""
        if self.fee_tables and self.fee_tables[0].starts_on is None:
            return ""
        notes = [fee.note for fee in self._fees_today[:1] if fee.note]
        return "\n".join([f"Phí, lệ phí: {wording.uncapital(self.fee)}.", *notes])

    @property
    def unit(self) -> Unit | None:
        """Return who answers questions about the procedure."""
        return self.procedure.unit or (self.procedure.field.unit if self.procedure.field else None)

    @cached_property
    def _limits(self) -> dict[str, list[Limit]]:
        """Return the limits of each way to file, those with the same note together."""
        found: dict[str, dict[str, list[str]]] = {}
        for method in self.methods:
            text = method.time_text if method.time_limit is not None else ""
            note = "\n".join(filter(None, [text, "" if self.common_note else method.description]))
            limits = found.setdefault(method.channel, {}).setdefault(note, [])
            if (limit := wording.time_limit(method) or wording.UNKNOWN) not in limits:
                limits.append(limit)
        return {
            channel: [Limit("; ".join(limits), note) for note, limits in by_note.items()]
            for channel, by_note in found.items()
        }

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

    def _fee_rows(self, fees: Iterable[Fee]) -> list[FeeRow]:
        """Return a row for each fee; what is the same for several ways to file stands once."""
        channels: dict[tuple, list[str]] = {}
        kept: dict[tuple, Fee] = {}
        for fee in fees:
            key = (fee.kind, fee.state, fee.amount, fee.note, fee.valid_to)
            kept.setdefault(key, fee)
            channels.setdefault(key, []).append(fee.channel)
        several_kinds = len({fee.kind for fee in kept.values()}) > 1
        return [self._fee_row(fee, channels[key], several_kinds) for key, fee in kept.items()]

    def _fee_row(self, fee: Fee, channels: list[str], several_kinds: bool) -> FeeRow:
        kind = fee.get_kind_display()
        what = fee.note or kind
        if fee.note and several_kinds and not fold(fee.note).startswith(fold(kind)):
            what = f"{kind}: {fee.note}"
        offered = {method.channel for method in self.methods}
        everywhere = "" in channels or offered <= set(channels)
        details = ["" if everywhere else f"Khi nộp {_channel_names(channels)}"]
        details.append(f"Đến hết ngày {viet_date(fee.valid_to)}" if fee.valid_to else "")
        level = {Fee.State.AMOUNT: money(fee.amount), Fee.State.FREE: "Không thu"}.get(Fee.State(fee.state))
        return FeeRow(what, ". ".join(filter(None, details)), level or wording.UNKNOWN)


def _channel_names(channels: list[str]) -> str:
    return ", ".join(label.lower() for key, label in wording.CHANNELS.items() if key in channels)

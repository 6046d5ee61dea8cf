"""To whom a submission goes by itself: by its procedure, its field, its unit, or to who takes the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedback.models import FocalPerson, Submission
from portal.models import Unit
from procedures.models import Field, Procedure


@dataclass(frozen=True)
class Route:
    focal_person: FocalPerson | None
    why: str  # in Vietnamese, for the history

    @property
    def unit(self) -> Unit | None:
        return self.focal_person.unit if self.focal_person else None


@dataclass(frozen=True)
class Rehearsed:
    """What a case would get under other rules."""

    submission: Submission
    now: Route  # by the rules of the day on which it is asked
    then: Route

    @property
    def differs(self) -> bool:
        return self.now.focal_person != self.then.focal_person


class Table:
    """The focal persons of one day, read once for as many questions as there are."""

    def __init__(self, on: date) -> None:
        active = FocalPerson.objects.on(on).select_related("unit").prefetch_related("fields", "procedures")
        self.by_procedure: dict[int, FocalPerson] = {}
        self.by_field: dict[int, FocalPerson] = {}
        self.by_unit: dict[int, FocalPerson] = {}
        self.rest: FocalPerson | None = None
        for person in active:
            for procedure in person.procedures.all():
                self.by_procedure.setdefault(procedure.pk, person)
            for field in person.fields.all():
                self.by_field.setdefault(field.pk, person)
            if person.receives_rest and self.rest is None:
                self.rest = person
        # The general seat of a unit goes before one of some fields.
        for person in sorted(active, key=lambda person: bool(person.fields.all())):
            self.by_unit.setdefault(person.unit_id, person)

    def find(self, *, procedure: Procedure | None, field: Field | None, unit: Unit | None = None) -> Route:
        field = field or (procedure.field if procedure else None)
        units = [unit, procedure.unit if procedure else None, field.unit if field else None]
        if procedure and (person := self.by_procedure.get(procedure.pk)):
            return Route(person, "theo thủ tục")
        # An officer who names a unit knows better than the field does.
        if field and unit is None and (person := self.by_field.get(field.pk)):
            return Route(person, "theo lĩnh vực")
        for asked in filter(None, units):
            if person := self.by_unit.get(asked.pk):
                return Route(person, "theo đơn vị phụ trách")
        if self.rest:
            return Route(self.rest, "theo đầu mối nhận việc chưa rõ nơi xử lý")
        return Route(None, "chưa có đầu mối nào phù hợp")


def find(*, procedure: Procedure | None, field: Field | None, unit: Unit | None = None, on: date) -> Route:
    """Return who receives what concerns the procedure, else the field, else the unit, on the day."""
    return Table(on).find(procedure=procedure, field=field, unit=unit)


def rehearse(submissions: Iterable[Submission], *, on: date, then: date) -> list[Rehearsed]:
    """Return what each case would get by the rules of `on` and by those entered for the day `then`."""
    before, after = Table(on), Table(then)

    def route(table: Table, submission: Submission) -> Route:
        return table.find(procedure=submission.procedure, field=submission.field)

    return [Rehearsed(submission, route(before, submission), route(after, submission)) for submission in submissions]


def fields_without(on: date) -> list[Field]:
    """Return the fields with procedures in force that no active focal person receives by field or by unit."""
    table = Table(on)
    fields = Field.objects.filter(procedures__in=Procedure.objects.in_force(on)).distinct().select_related("unit")
    return [field for field in fields if not _is_received(table, field)]


def _is_received(table: Table, field: Field) -> bool:
    return field.pk in table.by_field or (field.unit_id is not None and field.unit_id in table.by_unit)

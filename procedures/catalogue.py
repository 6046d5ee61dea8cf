"""The published catalogue in memory: filters, counts beside each choice, and pages.

Each choice of each filter is a set of bits, one bit a procedure in the order of the lists, so
that combining filters and counting costs microseconds whatever the size of the catalogue and
however deep the page. It is derived: a process builds it anew when a procedure or the day
changes.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from portal.models import SearchChange
from procedures.models import Fee, Procedure, SubmissionMethod

PAGE_SIZE = 20
# "At most so many working days"; the last two are for longer ones and for those without a number.
TIME_LIMITS = (1, 5, 10, 20)
# Only to compare limits given in different units; a page always shows the unit of the decision.
WORKING_DAYS = {
    SubmissionMethod.TimeUnit.HOUR: Decimal(1) / 8,
    SubmissionMethod.TimeUnit.WORKING_DAY: Decimal(1),
    SubmissionMethod.TimeUnit.DAY: Decimal(5) / 7,
    SubmissionMethod.TimeUnit.MONTH: Decimal(22),
}
FLAGS = {
    "for_individuals": ("audience", "individual"),
    "for_businesses": ("audience", "business"),
    "for_organisations": ("audience", "organisation"),
    "at_ministry": ("level", "ministry"),
    "at_province": ("level", "province"),
    "at_district": ("level", "district"),
    "at_commune": ("level", "commune"),
    "at_other": ("level", "other"),
}
CHUNK = 4096


class Catalogue:
    """What the lists need to know of all published procedures, as of one change and one day."""

    def __init__(self, version: int, on: date) -> None:
        self.version = version
        self.on = on
        choices: dict[tuple[str, str], list[int]] = defaultdict(list)
        fees, limits = _fee_states(on), _time_limits()
        rows = sorted(
            Procedure.objects.published().values_list(
                "sort_key", "pk", "field__slug", "online_level", "in_force_from", "in_force_to", *FLAGS
            )
        )
        for position, (_, pk, field, online, start, end, *flags) in enumerate(rows):
            for choice, flag in zip(FLAGS.values(), flags, strict=True):
                if flag:
                    choices[choice].append(position)
            choices["state", _state(start, end, on)].append(position)
            choices["online", online or "unknown"].append(position)
            choices["fee", fees.get(pk, "unknown")].append(position)
            if field:
                choices["field", field].append(position)
            for value in _time_choices(limits.get(pk)):
                choices["time", value].append(position)
        self.pks = [row[1] for row in rows]
        self._positions = {pk: position for position, pk in enumerate(self.pks)}
        self._sets: dict[str, dict[str, int]] = defaultdict(dict)
        for (facet, value), positions in choices.items():
            self._sets[facet][value] = self._as_bits(positions)
        self._kept_counts = lru_cache(maxsize=512)(self._count_choices)

    def select(self, choices: Mapping[str, str]) -> int:
        """Return the procedures that meet every choice; those in force, unless a state is chosen.

        A value that no procedure has leaves nothing.
        """
        bits = self._sets["state"].get(choices.get("state", "in_force"), 0)
        for facet, value in choices.items():
            bits &= self._sets[facet].get(value, 0)
        return bits

    def counts(self, facet: str, choices: Mapping[str, str], within: int | None = None) -> dict[str, int]:
        """Return for each choice of `facet` how many procedures it would leave.

        The other choices stay as they are; `within` narrows to the hits of a search.
        """
        others = frozenset((key, value) for key, value in choices.items() if key != facet)
        if within is None:
            return self._kept_counts(facet, others)
        return self._count_choices(facet, others, within)

    def bits(self, pks: Iterable[int]) -> int:
        return self._as_bits([self._positions[pk] for pk in pks if pk in self._positions])

    def contains(self, bits: int, pk: int) -> bool:
        return pk in self._positions and bool(bits >> self._positions[pk] & 1)

    def count(self, bits: int) -> int:
        return bits.bit_count()

    def page(self, bits: int, number: int, size: int = PAGE_SIZE) -> list[int]:
        """Return the primary keys of one page (the first is 1) in the order of the lists."""
        skip = (number - 1) * size
        found: list[int] = []
        for start in range(0, len(self.pks), CHUNK):
            chunk = bits >> start & ((1 << CHUNK) - 1)
            if skip >= (inside := chunk.bit_count()):
                skip -= inside
                continue
            while chunk and len(found) < size:
                lowest = chunk & -chunk
                if skip:
                    skip -= 1
                else:
                    found.append(self.pks[start + lowest.bit_length() - 1])
                chunk ^= lowest
            if len(found) == size:
                break
        return found

    @property
    def in_force_count(self) -> int:
        return self.count(self.select({}))

    def field_counts(self) -> dict[str, int]:
        """Return the number of procedures in force by the field's slug."""
        return self.counts("field", {})

    def _count_choices(
        self, facet: str, others: frozenset[tuple[str, str]], within: int | None = None
    ) -> dict[str, int]:
        if facet == "state":
            base = (1 << len(self.pks)) - 1
            for key, value in others:
                base &= self._sets[key].get(value, 0)
        else:
            base = self.select(dict(others))
        if within is not None:
            base &= within
        return {value: count for value, bits in self._sets[facet].items() if (count := (base & bits).bit_count())}

    def _as_bits(self, positions: list[int]) -> int:
        # One byte array per set: adding bits to a long integer one by one would copy it each time.
        buffer = bytearray(len(self.pks) // 8 + 1)
        for position in positions:
            buffer[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(buffer, "little")


_kept: Catalogue | None = None
_building = threading.Lock()


def current(on: date) -> Catalogue:
    """Return the catalogue as of the latest change; costs one query while nothing changes."""
    global _kept
    version = SearchChange.latest_number()
    kept = _kept
    if kept and (kept.version, kept.on) == (version, on):
        return kept
    with _building:
        if not (_kept and (_kept.version, _kept.on) == (version, on)):
            _kept = Catalogue(version, on)
        return _kept


def forget() -> None:
    """Drop what this process keeps, as after a change that left no trace (tests that roll back)."""
    global _kept
    _kept = None


def _state(start: date | None, end: date | None, on: date) -> str:
    if start and start > on:
        return "upcoming"
    return "ended" if end and end < on else "in_force"


def _fee_states(on: date) -> dict[int, str]:
    states: dict[int, str] = {}
    for pk, state in Fee.objects.valid(on).values_list("procedure_id", "state"):
        if state == Fee.State.AMOUNT or (state == Fee.State.FREE and states.get(pk) != Fee.State.AMOUNT):
            states[pk] = state
    return states


def _time_limits() -> dict[int, Decimal]:
    """Return the longest limit of each procedure, in working days."""
    limits: dict[int, Decimal] = {}
    rows = SubmissionMethod.objects.exclude(time_limit=None).values_list("procedure_id", "time_limit", "time_unit")
    for pk, limit, unit in rows:
        if limit is not None:
            limits[pk] = max(limits.get(pk, Decimal(0)), limit * WORKING_DAYS[SubmissionMethod.TimeUnit(unit)])
    return limits


def _time_choices(limit: Decimal | None) -> list[str]:
    if limit is None:
        return ["unknown"]
    return [str(most) for most in TIME_LIMITS if limit <= most] or ["over"]

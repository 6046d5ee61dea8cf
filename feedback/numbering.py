"""The register of what came in: one series a year without gaps (NĐ 20/2008 Đ9.1)."""

from django.db import connection
from django.db.models import F

from feedback.models import RegisterCounter


def next_number(year: int) -> int:
    """Return the next number of the year's register; if the transaction fails, the number is free again.

    Raising the counter locks its row, so whoever comes at the same time waits for this transaction to end.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a register number is given in the transaction that uses it")
    RegisterCounter.objects.get_or_create(year=year)
    counter = RegisterCounter.objects.filter(year=year)
    counter.update(last=F("last") + 1)
    return counter.values_list("last", flat=True).get()

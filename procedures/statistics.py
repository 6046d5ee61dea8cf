"""What changed in the catalogue in a period, and how it stood at its end, counted for the reports (RULES R3b).

Every figure keeps its rows; days are those of Vietnam.
"""

from portal.statistics import Figure, Period, figure, split
from procedures.models import Decision, Procedure, ProcedureChange


def decisions(period: Period) -> Figure:
    """Count the decisions whose changes were made public in the period (NĐ 63/2010 Đ13, Đ15)."""
    rows = Decision.objects.filter(status=Decision.Status.PUBLISHED, published_at__date__range=period.days)
    return figure("Quyết định công bố đã công khai", rows.filter(published_at__lte=period.at))


def changes(period: Period) -> Figure:
    """Count the changes that take effect in the period."""
    return figure("Thay đổi của thủ tục", ProcedureChange.objects.between(*period.days))


def changes_by_kind(period: Period) -> list[Figure]:
    """Count them by kind, in the words of NĐ 63/2010 Đ14 and the department's plan."""
    return split(ProcedureChange.objects.between(*period.days), "kind", ProcedureChange.Kind.choices)


def in_force(period: Period) -> Figure:
    """Count what was in force at the end of the period."""
    return figure("Thủ tục đang áp dụng cuối kỳ", Procedure.objects.in_force(period.last))


def in_force_by_online_level(period: Period) -> list[Figure]:
    """Count them by how far they can be filed online (NĐ 118/2025 Đ38)."""
    return split(Procedure.objects.in_force(period.last), "online_level", Procedure.OnlineLevel.choices)

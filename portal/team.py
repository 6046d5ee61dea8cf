"""The roster of the Bộ phận kiểm soát TTHC and how it changes: kiện toàn (plan IV.3)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from portal.models import TeamMember

DAY = timedelta(days=1)


class NotPossible(Exception):
    """The seat cannot end so; the text says what to do."""


@transaction.atomic
def replace(member: TeamMember, successor: TeamMember) -> TeamMember:
    """End the seat on the day before the successor's first day, and begin the successor's."""
    end(member, last_on=successor.first_on - DAY)
    successor.order = member.order
    successor.save()
    return successor


def end(member: TeamMember, *, last_on: date) -> None:
    """Keep the last day of the seat; a seat that was over before that day is not given a longer life."""
    if last_on < member.first_on:
        raise NotPossible("Chọn ngày sau ngày người này bắt đầu tham gia.")
    running = Q(last_on=None) | Q(last_on__gt=last_on)
    if not TeamMember.objects.filter(running, pk=member.pk).update(last_on=last_on):
        raise NotPossible("Người này đã thôi tham gia trước ngày đã chọn. Xem lại danh sách.")
    member.last_on = last_on

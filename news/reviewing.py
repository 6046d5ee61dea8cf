"""The review of procedures (rà soát TTHC): whether its plan went out in time, and how far it is (NĐ 63/2010 Đ27-31)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from news.models import Article, ReviewItem, ReviewPlan
from portal import spreadsheets
from portal.templatetags.vietnamese import viet_date

# The year's plan is sent before this day of its year (NĐ 63/2010 Đ27-31; RULES N6).
SENT_BEFORE = (1, 31)  # month, day
ARTICLE = "Điều 27 đến Điều 31 Nghị định 63/2010/NĐ-CP"
# The section whose articles tell of the review; its address stays whatever it is called.
SECTION = "ra-soat-tthc"
ARTICLES_SHOWN = 3

COLUMNS = [
    "STT",
    "Mã thủ tục",
    "Tên thủ tục",
    "Đơn vị rà soát",
    "Bắt đầu",
    "Hoàn thành",
    "Lý do, căn cứ",
    "Sản phẩm",
    "Kết quả",
    "Nội dung đề xuất",
    "Xong ngày",
]
# What a result of this kind is shown as.
TAGS = {
    ReviewItem.Outcome.KEEP: "",
    ReviewItem.Outcome.SIMPLIFY: "new",
    ReviewItem.Outcome.AMEND: "amended",
    ReviewItem.Outcome.REPEAL: "repealed",
}


@dataclass(frozen=True)
class Progress:
    """How many procedures of a plan are reviewed, and how many should be by the day."""

    items: int
    done: int
    late: int


def due(year: int) -> date:
    """Return the day before which the plan of the year must be sent."""
    return date(year, *SENT_BEFORE)


def alarm(plan: ReviewPlan, on: date) -> str:
    """Return a sentence where the plan was not sent before 31/01 of its year; "" where all is well."""
    limit = due(plan.year)
    duty = f"phải gửi trước ngày {viet_date(limit)} ({ARTICLE})"
    if plan.sent_on is None:
        return f"Kế hoạch chưa gửi, {duty}. Gửi rồi ghi ngày gửi." if on >= limit else ""
    if plan.sent_on >= limit:
        return f"Kế hoạch gửi ngày {viet_date(plan.sent_on)}, {duty}."
    return ""


def not_sent(on: date) -> QuerySet[ReviewPlan]:
    """Return the plans that have still to be sent, from the first day of their year."""
    return ReviewPlan.objects.filter(sent_on=None, year__lte=on.year)


def late_items(on: date) -> QuerySet[ReviewItem]:
    """Return what should have been reviewed by the day and is not."""
    return ReviewItem.objects.filter(done_on=None, last_on__lt=on)


def with_counts(plans: QuerySet[ReviewPlan], on: date) -> QuerySet[ReviewPlan]:
    """Add how many procedures each plan has (`item_count`), reviewed (`done_count`) and late (`late_count`)."""
    return plans.annotate(
        item_count=Count("items"),
        done_count=Count("items", filter=Q(items__done_on__isnull=False)),
        late_count=Count("items", filter=Q(items__done_on=None, items__last_on__lt=on)),
    )


def progress(plan: ReviewPlan, on: date) -> Progress:
    """Count the procedures of one plan."""
    items = Count("pk"), Count("done_on"), Count("pk", filter=Q(done_on=None, last_on__lt=on))
    return Progress(**plan.items.aggregate(**dict(zip(["items", "done", "late"], items, strict=True))))


def articles(at: datetime) -> QuerySet[Article]:
    """Return the newest public articles of the section on the review."""
    found = Article.objects.published(at).filter(section__slug=SECTION, section__active=True)
    return found.newest_first().for_list()[:ARTICLES_SHOWN]


def rows(items: Iterable[ReviewItem]) -> list[list[spreadsheets.Value]]:
    """Return the table of a plan with its results, a row a procedure."""
    return [
        [
            number,
            item.procedure.code or "",
            item.procedure.name,
            item.agency.name,
            item.first_on,
            item.last_on,
            item.basis,
            item.product,
            item.get_outcome_display(),
            item.proposal,
            item.done_on,
        ]
        for number, item in enumerate(items, start=1)
    ]

"""What a period brought, against rows counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from news import publishing, statistics
from news.models import (
    Album,
    AlbumPhoto,
    Article,
    Bulletin,
    BulletinDelivery,
    Dissemination,
    Image,
    Placement,
    PlanTask,
    ReadReceipt,
    TrainingAttendance,
    TrainingRecord,
)
from portal.statistics import Period
from tests.factories import (
    ArticleFactory,
    PlanTaskFactory,
    ProcedureChangeFactory,
    SectionFactory,
    SubscriptionFactory,
    UnitFactory,
    UserFactory,
)

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
# Vietnam is seven hours ahead: its last minutes of the third quarter, and the first of the fourth.
BEFORE_MIDNIGHT = datetime(2026, 9, 30, 16, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)
THIRD_QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30), NOW)
AUGUST = datetime(2026, 8, 10, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def published(at=AUGUST, **values):
    return ArticleFactory(published=True, publish_at=at, **values)


def counts(figures):
    return {figure.label: figure.count for figure in figures if figure.count}


def holds_its_rows(figures):
    return all(figure.rows.count() == figure.count for figure in figures)


def test_the_last_minute_of_the_quarter_belongs_to_it_and_the_next_does_not():
    last = published(BEFORE_MIDNIGHT)
    published(AFTER_MIDNIGHT)
    published(datetime(2026, 9, 30, 23, 30, tzinfo=UTC))

    figure = statistics.articles(THIRD_QUARTER)

    assert figure.count == 1
    assert list(figure.rows) == [last]


def test_the_first_minute_of_the_quarter_belongs_to_it():
    published(datetime(2026, 6, 30, 16, 59, tzinfo=UTC))
    first = published(datetime(2026, 6, 30, 17, 0, tzinfo=UTC))

    assert list(statistics.articles(THIRD_QUARTER).rows) == [first]


def test_what_is_scheduled_or_a_draft_was_not_made_public():
    published(NOW + timedelta(hours=1))
    ArticleFactory(publish_at=AUGUST)

    assert statistics.articles(Period(date(2026, 1, 1), date(2026, 12, 31), NOW)).count == 0


def test_what_ran_out_since_counts_as_made_public():
    published(unpublish_at=AUGUST + timedelta(days=1))

    assert statistics.articles(THIRD_QUARTER).count == 1


def test_withdrawn_articles_are_counted_apart_also_when_written_anew():
    withdrawn, reopened = published(), published()
    published()
    for article in (withdrawn, reopened):
        publishing.withdraw(article, by=None, at=AUGUST + timedelta(days=3), reason="Đăng nhầm.")
    publishing.reopen(reopened, by=None, at=AUGUST + timedelta(days=4), reason="Viết lại.")

    assert statistics.articles(THIRD_QUARTER).count == 1
    assert set(statistics.withdrawn_articles(THIRD_QUARTER).rows) == {withdrawn, reopened}


def test_what_was_withdrawn_before_its_moment_was_never_public():
    article = published()
    publishing.withdraw(article, by=None, at=AUGUST - timedelta(days=1), reason="Hoãn.")

    assert statistics.withdrawn_articles(THIRD_QUARTER).count == 0


def test_articles_are_split_by_section_kind_and_unit():
    news, models = SectionFactory(name="Mục A"), SectionFactory(name="Mục B")
    office, closed = UnitFactory(name="Văn phòng Sở"), UnitFactory(name="Đơn vị cũ", active=False)
    UnitFactory(name="Đơn vị cũ không viết", active=False)
    SectionFactory(name="Mục đóng", active=False)
    published(section=news, unit=office)
    published(section=news, unit=closed, kind=Article.Kind.FEATURE)
    published(section=models)
    published(AFTER_MIDNIGHT, section=models, unit=office)

    by_section = statistics.articles_by_section(THIRD_QUARTER)
    by_kind = statistics.articles_by_kind(THIRD_QUARTER)
    by_unit = statistics.articles_by_unit(THIRD_QUARTER)

    assert counts(by_section) == {"Mục A": 2, "Mục B": 1}
    assert counts(by_kind) == {"Tin": 2, "Bài": 1}
    assert counts(by_unit) == {"Văn phòng Sở": 1, "Đơn vị cũ": 1, "Không ghi đơn vị": 1}
    assert "Mục đóng" not in [figure.label for figure in by_section]
    assert "Đơn vị cũ không viết" not in [figure.label for figure in by_unit]
    assert holds_its_rows([*by_section, *by_kind, *by_unit])


def test_placements_count_by_channel_on_their_own_day():
    article = published()
    for day, channel in [(date(2026, 9, 30), "press"), (date(2026, 10, 1), "press"), (date(2026, 7, 1), "social")]:
        Placement.objects.create(article=article, channel=channel, name="Kênh", placed_on=day)

    by_channel = statistics.articles_by_channel(THIRD_QUARTER)

    assert counts(by_channel) == {"Trang của Sở": 1, "Báo, tạp chí": 1, "Mạng xã hội": 1}
    assert holds_its_rows(by_channel)


def test_months_and_quarters_are_those_of_vietnam_and_name_the_empty_ones():
    year = Period(date(2026, 2, 15), date(2026, 12, 31), NOW)
    published(BEFORE_MIDNIGHT)
    published(AFTER_MIDNIGHT)
    published(AUGUST)

    months = statistics.articles_by_month(year)
    quarters = statistics.articles_by_quarter(year)

    assert counts(months) == {"Tháng 8/2026": 1, "Tháng 9/2026": 1, "Tháng 10/2026": 1}
    assert [(figure.label, figure.count) for figure in quarters] == [
        ("Quý I/2026", 0),
        ("Quý II/2026", 0),
        ("Quý III/2026", 2),
        ("Quý IV/2026", 1),
    ]
    assert (months[0].label, months[-1].label) == ("Tháng 2/2026", "Tháng 12/2026")
    assert holds_its_rows([*months, *quarters])


def test_a_period_over_new_year_names_both_years():
    period = Period(date(2025, 11, 1), date(2026, 1, 31), NOW)

    assert [figure.label for figure in statistics.articles_by_month(period)] == [
        "Tháng 11/2025",
        "Tháng 12/2025",
        "Tháng 1/2026",
    ]


def test_a_change_told_by_two_articles_counts_once():
    change = ProcedureChangeFactory(decision__published=True)
    unpublished = ProcedureChangeFactory()
    for _ in range(2):
        published().changes.add(change, unpublished)

    assert list(statistics.changes_announced(THIRD_QUARTER).rows) == [change]
    assert statistics.changes_announced(THIRD_QUARTER).count == 1


def test_albums_photos_and_bulletins_are_counted_with_their_mails():
    album = Album.objects.create(title="Hội nghị", slug="hoi-nghi", status="published", publish_at=AUGUST)
    for name in "ab":
        image = Image.objects.create(name=name, width=8, height=8, decorative=True)
        AlbumPhoto.objects.create(album=album, image=image)
    days = {"first_on": date(2026, 7, 1), "last_on": date(2026, 7, 31)}
    bulletin = Bulletin.objects.create(year=2026, number=7, status="published", publish_at=AUGUST, **days)
    Bulletin.objects.create(year=2026, number=8, **days)
    for at in (BEFORE_MIDNIGHT, AFTER_MIDNIGHT, None):
        BulletinDelivery.objects.create(bulletin=bulletin, subscription=SubscriptionFactory(), mailed_at=at)

    assert statistics.albums(THIRD_QUARTER).count == 1
    assert statistics.photos(THIRD_QUARTER).count == 2
    assert list(statistics.bulletins(THIRD_QUARTER).rows) == [bulletin]
    assert statistics.bulletin_mails(THIRD_QUARTER).count == 1


def test_disseminations_count_who_was_addressed_and_who_read():
    sent = Dissemination.objects.create(title="Nghị định mới", sent_at=BEFORE_MIDNIGHT)
    later = Dissemination.objects.create(title="Nghị định khác", sent_at=AFTER_MIDNIGHT)
    Dissemination.objects.create(title="Đang soạn")
    for read_at in (AFTER_MIDNIGHT, None, None):
        ReadReceipt.objects.create(dissemination=sent, user=UserFactory(), read_at=read_at)
    ReadReceipt.objects.create(dissemination=later, user=UserFactory(), read_at=AFTER_MIDNIGHT)

    assert list(statistics.disseminations(THIRD_QUARTER).rows) == [sent]
    assert statistics.receipts(THIRD_QUARTER).count == 3
    assert statistics.receipts_read(THIRD_QUARTER).count == 1


def test_trainings_count_courses_and_people_by_unit():
    office, centre = UnitFactory(name="Văn phòng Sở"), UnitFactory(name="Trung tâm")
    first, second, third = (
        TrainingRecord.objects.create(course="Kỹ năng giao tiếp", skill="giao tiếp", first_on=day, last_on=day)
        for day in (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1))
    )
    for training, unit, people in [(first, office, 3), (second, office, 2), (second, centre, 4), (third, centre, 9)]:
        TrainingAttendance.objects.create(training=training, unit=unit, people=people)

    by_unit = statistics.people_trained_by_unit(THIRD_QUARTER)

    assert statistics.trainings(THIRD_QUARTER).count == 2
    assert statistics.people_trained(THIRD_QUARTER).count == 9
    assert counts(by_unit) == {"Văn phòng Sở": 5, "Trung tâm": 4}
    assert [sum(row.people for row in figure.rows) for figure in by_unit] == [figure.count for figure in by_unit]


@pytest.mark.parametrize("on", [date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 15), date(2026, 9, 16)])
def test_tasks_are_counted_in_the_state_that_each_says_itself(on):
    span = {"first_on": date(2026, 7, 1), "last_on": date(2026, 9, 15)}
    for done_on in (None, date(2026, 7, 1), date(2026, 9, 16)):
        PlanTaskFactory(done_on=done_on, **span)
    PlanTaskFactory(plan__year=2025)

    figures = statistics.tasks_by_state(on)

    for state, figure in zip(PlanTask.State, figures, strict=True):
        assert {task.state(on) for task in figure.rows} <= {state}
    assert sum(figure.count for figure in figures) == 3


def test_figures_cost_the_same_whatever_there_is_to_count(django_assert_num_queries):
    for _ in range(3):
        published(unit=UnitFactory(active=False))
    with django_assert_num_queries(2):
        statistics.articles_by_section(THIRD_QUARTER)
    with django_assert_num_queries(4):
        statistics.articles_by_unit(THIRD_QUARTER)
    with django_assert_num_queries(1):
        statistics.articles_by_month(THIRD_QUARTER)

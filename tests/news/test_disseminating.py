"""Documents made known to staff: sent once to each, confirmed by oneself, reminded of, and followed by the office."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from post_office.models import Email

from news import disseminating
from news.demonstration import internal
from news.models import Dissemination, ReadReceipt, ReviewPlan, TrainingRecord
from portal import demonstration as ground
from portal import roles, worker
from portal.admin_site import tasks
from portal.models import TeamMember
from tests.factories import DisseminationFactory, LegalDocumentFactory, ProcedureFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 24, 12, tzinfo=ZONE)
TODAY = NOON.date()
LIST = "/quan-tri/news/dissemination/"


@pytest.fixture
def office():
    return UserFactory(role=roles.OFFICE, email="vanphong@example.org")


def staff(unit=None, **values):
    user = UserFactory(unit=unit, **values)
    user.email = f"{user.username}@example.org"
    user.save()
    return user


def days_from_today(days):
    return TODAY + timedelta(days=days)


def to_units(*units, **values):
    return DisseminationFactory(to_all=False, units=units, **values)


def recipients():
    return sorted(address for email in Email.objects.all() for address in email.to)


class TestSending:
    def test_everybody_of_the_units_gets_a_receipt_and_a_mail_with_the_way_to_the_page(self, office):
        unit, other = UnitFactory(), UnitFactory()
        first, second = staff(unit), staff(unit)
        staff(other)
        staff(None)
        dissemination = to_units(unit, title="Nghị định mới về một cửa")

        count = disseminating.send(dissemination, by=office, at=NOON)

        assert count == 2
        assert {receipt.user for receipt in dissemination.receipts.all()} == {first, second}
        assert {receipt.unit for receipt in dissemination.receipts.all()} == {unit}
        assert recipients() == sorted([first.email, second.email])
        mail = Email.objects.first()
        assert mail.subject == "Văn bản cần đọc: Nghị định mới về một cửa"
        address = reverse("admin:news_dissemination_read", args=[dissemination.pk])
        assert address in mail.message
        assert address in mail.html_message
        assert Dissemination.objects.get().sent_at == NOON

    def test_to_all_reaches_people_without_a_unit_too_but_no_account_that_cannot_open_the_page(self, office):
        alone = staff(None)
        staff(None, is_active=False)
        staff(None, is_staff=False)
        dissemination = DisseminationFactory(to_all=True)

        disseminating.send(dissemination, by=office, at=NOON)

        assert {receipt.user for receipt in dissemination.receipts.all()} == {alone, office}

    def test_somebody_without_a_mail_address_gets_a_receipt_all_the_same(self, office):
        unit = UnitFactory()
        UserFactory(unit=unit)
        dissemination = to_units(unit)

        assert disseminating.send(dissemination, by=office, at=NOON) == 1
        assert not Email.objects.exists()

    def test_sent_once_more_it_reaches_only_those_who_came_since(self, office):
        unit = UnitFactory()
        staff(unit)
        dissemination = to_units(unit)
        disseminating.send(dissemination, by=office, at=NOON)
        newcomer = staff(unit)

        count = disseminating.send(dissemination, by=office, at=NOON + timedelta(days=3))

        assert count == 1
        assert recipients().count(newcomer.email) == 1
        assert Email.objects.count() == 2
        assert Dissemination.objects.get().sent_at == NOON

    def test_two_who_press_the_button_at_once_send_it_once(self, office):
        unit = UnitFactory()
        staff(unit)
        dissemination = to_units(unit)
        also_open = Dissemination.objects.get(pk=dissemination.pk)
        disseminating.send(dissemination, by=office, at=NOON)

        with pytest.raises(disseminating.Conflict):
            disseminating.send(also_open, by=office, at=NOON)

        assert Email.objects.count() == 1

    def test_a_receipt_given_meanwhile_stops_the_second_sending_as_a_whole(self, office, monkeypatch):
        unit = UnitFactory()
        person = staff(unit)
        dissemination = to_units(unit)
        disseminating.send(dissemination, by=office, at=NOON)
        monkeypatch.setattr(disseminating, "newcomers", lambda dissemination: [staff(unit), person])

        with pytest.raises(disseminating.Conflict):
            disseminating.send(dissemination, by=office, at=NOON)

        assert ReadReceipt.objects.count() == 1
        assert Email.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"documents": []}, "Chọn ít nhất một văn bản."),
            ({"to_all": False}, "Chọn đơn vị nhận, hoặc chọn gửi toàn thể."),
            ({"read_by": days_from_today(-1)}, "Chọn hạn đọc từ hôm nay trở đi."),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_sent(self, office, values, sentence):
        dissemination = DisseminationFactory(**values)

        with pytest.raises(disseminating.NotSendable) as refused:
            disseminating.send(dissemination, by=office, at=NOON)

        assert refused.value.problems == [sentence]
        assert not ReadReceipt.objects.exists()
        assert Dissemination.objects.get().sent_at is None

    def test_units_without_any_account_are_told(self):
        assert "chưa có tài khoản" in disseminating.problems(to_units(UnitFactory()), TODAY)[0]

    @pytest.mark.parametrize("role", [name for name in roles.ROLES if name != roles.OFFICE])
    def test_only_the_office_sends_and_reminds(self, role):
        dissemination, person = DisseminationFactory(), UserFactory(role=role)

        with pytest.raises(disseminating.NotAllowed):
            disseminating.send(dissemination, by=person, at=NOON)
        with pytest.raises(disseminating.NotAllowed):
            disseminating.remind(dissemination, by=person, at=NOON)

    def test_a_large_staff_takes_as_many_queries_as_a_small_one(self, office, django_assert_max_num_queries):
        unit = UnitFactory()
        for _ in range(30):
            UserFactory(unit=unit, password="x", email="mot-dia-chi@example.org")
        dissemination = to_units(unit)

        with django_assert_max_num_queries(16):
            assert disseminating.send(dissemination, by=office, at=NOON) == 30


class TestConfirming:
    def test_the_moment_is_kept_and_a_second_time_changes_nothing(self, office):
        disseminating.send(DisseminationFactory(), by=office, at=NOON)
        receipt = ReadReceipt.objects.get()

        first = disseminating.confirm(receipt, by=office, at=NOON + timedelta(hours=1))
        again = disseminating.confirm(receipt, by=office, at=NOON + timedelta(hours=2))

        assert (first, again) == (True, False)
        assert ReadReceipt.objects.get().read_at == NOON + timedelta(hours=1)

    def test_nobody_confirms_for_somebody_else(self, office):
        disseminating.send(DisseminationFactory(), by=office, at=NOON)

        with pytest.raises(disseminating.NotAllowed):
            disseminating.confirm(ReadReceipt.objects.get(), by=UserFactory(), at=NOON)

        assert ReadReceipt.objects.get().read_at is None

    def test_the_receipt_keeps_the_unit_of_the_day(self, office):
        before, after = UnitFactory(), UnitFactory()
        person = staff(before)
        dissemination = to_units(before)
        disseminating.send(dissemination, by=office, at=NOON)
        person.unit = after
        person.save()

        assert [row.unit for row in disseminating.progress(dissemination)] == [before.name]


class TestReminding:
    @pytest.fixture
    def sent(self, office):
        """Sent on 24/11 to two people, one of whom has read; to be read until 30/11."""
        unit = UnitFactory()
        reader, self.late = staff(unit), staff(unit)
        dissemination = to_units(unit, read_by=date(2026, 11, 30))
        disseminating.send(dissemination, by=office, at=NOON)
        disseminating.confirm(dissemination.receipts.get(user=reader), by=reader, at=NOON)
        Email.objects.all().delete()
        return dissemination

    @pytest.mark.parametrize(
        ("at", "mails"),
        [
            (datetime(2026, 11, 28, 9, tzinfo=ZONE), 0),
            (datetime(2026, 11, 29, 6, 59, tzinfo=ZONE), 0),
            (datetime(2026, 11, 29, 7, tzinfo=ZONE), 1),
            (datetime(2026, 11, 30, 9, tzinfo=ZONE), 0),
            (datetime(2026, 12, 1, 9, tzinfo=ZONE), 1),
            (datetime(2026, 12, 2, 9, tzinfo=ZONE), 0),
        ],
    )
    def test_the_worker_reminds_on_the_day_before_and_after(self, sent, at, mails):
        disseminating.remind_due(at)

        assert recipients() == [self.late.email] * mails

    def test_the_worker_run_again_reminds_nobody_twice_on_a_day(self, sent):
        for hour in (8, 9, 15):
            disseminating.remind_due(datetime(2026, 12, 1, hour, tzinfo=ZONE))

        assert recipients() == [self.late.email]
        assert "Quá hạn 1 ngày" in Email.objects.get().message

    def test_the_button_and_the_worker_together_remind_once_a_day(self, sent, office):
        at = datetime(2026, 11, 29, 8, tzinfo=ZONE)

        assert disseminating.remind(sent, by=office, at=at) == 1
        assert disseminating.remind(sent, by=office, at=at + timedelta(hours=1)) == 0
        disseminating.remind_due(at + timedelta(hours=2))

        assert recipients() == [self.late.email]

    def test_the_next_day_one_may_be_reminded_again(self, sent, office):
        disseminating.remind(sent, by=office, at=NOON)

        assert disseminating.remind(sent, by=office, at=NOON + timedelta(days=1)) == 1

    def test_who_has_read_or_left_is_not_reminded(self, sent, office):
        self.late.is_active = False
        self.late.save()

        assert disseminating.remind(sent, by=office, at=NOON + timedelta(days=1)) == 0
        assert not Email.objects.exists()

    def test_what_was_sent_today_is_not_reminded_of_by_the_worker_today(self, office):
        dissemination = DisseminationFactory(read_by=days_from_today(1))
        disseminating.send(dissemination, by=office, at=NOON)
        Email.objects.all().delete()

        disseminating.remind_due(NOON + timedelta(hours=2))

        assert not Email.objects.exists()

    def test_the_worker_has_the_job(self):
        assert disseminating.remind_due in [job.run for job in worker.JOBS]


@pytest.mark.parametrize(
    ("read_by", "words"),
    [
        (None, ""),
        (TODAY, "Hạn là hôm nay"),
        (days_from_today(2), "Còn 2 ngày"),
        (days_from_today(-3), "Quá hạn 3 ngày"),
    ],
)
def test_lateness_is_said_in_words(read_by, words):
    assert disseminating.lateness(Dissemination(read_by=read_by), TODAY) == words


class TestReadingPage:
    @pytest.mark.parametrize("role", [*roles.ROLES, None])
    def test_whoever_was_addressed_reads_and_confirms_whatever_the_role(self, client, office, role):
        person = staff(UnitFactory(), role=role)
        document = LegalDocumentFactory(title="Về kiểm soát thủ tục hành chính")
        document.files.create(title="Toàn văn", text="Điều 1. Phạm vi điều chỉnh.")
        dissemination = to_units(person.unit, documents=[document], message="Đọc kỹ Điều 1.")
        disseminating.send(dissemination, by=office, at=timezone.now())
        client.force_login(person)
        address = reverse("admin:news_dissemination_read", args=[dissemination.pk])

        home = client.get("/quan-tri/").content.decode()
        page = client.get(address).content.decode().replace("\u00a0", " ")
        done = client.post(address, follow=True).content.decode()

        assert f'<a href="{address}">Văn bản cần đọc</a>' in home
        assert "Đọc kỹ Điều 1." in page
        assert "Điều 1. Phạm vi điều chỉnh." in page
        assert document.get_absolute_url() in page
        assert "Đã ghi nhận việc đọc." in done
        assert ReadReceipt.objects.get().read_at is not None
        assert "Văn bản cần đọc" not in client.get("/quan-tri/").content.decode()
        assert "Tôi đã đọc" not in client.get(address).content.decode()

    def test_looking_at_the_page_confirms_nothing(self, client, office):
        dissemination = DisseminationFactory()
        disseminating.send(dissemination, by=office, at=NOON)
        client.force_login(office)

        client.get(reverse("admin:news_dissemination_read", args=[dissemination.pk]))

        assert ReadReceipt.objects.get().read_at is None

    def test_others_find_no_page_not_even_the_almighty(self, client, office):
        unit = UnitFactory()
        staff(unit)
        dissemination = to_units(unit)
        disseminating.send(dissemination, by=office, at=NOON)
        client.force_login(UserFactory(is_superuser=True))
        address = reverse("admin:news_dissemination_read", args=[dissemination.pk])

        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        assert ReadReceipt.objects.get().read_at is None

    def test_the_list_shows_unread_ones_first(self, client, office):
        old, new = DisseminationFactory(title="Đã đọc rồi"), DisseminationFactory(title="Còn phải đọc")
        for dissemination in (old, new):
            disseminating.send(dissemination, by=office, at=NOON)
        disseminating.confirm(old.receipts.get(), by=office, at=NOON)
        client.force_login(office)

        page = client.get(reverse("admin:news_dissemination_to-read")).content.decode()

        assert page.index("Còn phải đọc") < page.index("Đã đọc rồi")

    @pytest.mark.parametrize(("days", "urgent"), [(2, False), (1, True), (-1, True)])
    def test_the_task_is_urgent_from_the_day_before_the_last(self, office, days, urgent):
        ReadReceipt.objects.create(
            dissemination=DisseminationFactory(read_by=days_from_today(days), sent_at=NOON), user=office
        )

        task = next(task for task in tasks.waiting(office, TODAY) if task.title == "Văn bản cần đọc")

        assert (task.count, task.urgent) == (1, urgent)


class TestOfficePages:
    @pytest.fixture
    def signed_in(self, client, office):
        client.force_login(office)
        return office

    def form(self, unit, document, **values):
        return {
            "title": "Quán triệt nghị định",
            "documents": [document.pk],
            "units": [unit.pk],
            "evidence-TOTAL_FORMS": 0,
            "evidence-INITIAL_FORMS": 0,
            **values,
        }

    def test_a_draft_is_written_and_sent_with_one_button(self, client, signed_in):
        person = staff(UnitFactory())

        response = client.post(f"{LIST}add/", self.form(person.unit, LegalDocumentFactory(), _send="1"), follow=True)

        dissemination = Dissemination.objects.get()
        assert "Đã gửi cho 1 người." in response.content.decode()
        assert dissemination.created_by == signed_in
        assert dissemination.receipts.get().user == person
        assert recipients() == [person.email]

    def test_what_cannot_be_sent_is_kept_as_a_draft_and_says_why(self, client, signed_in):
        form = self.form(UnitFactory(), LegalDocumentFactory(), _send="1")

        page = client.post(f"{LIST}add/", form, follow=True).content.decode()

        assert "Đã lưu, chưa gửi." in page
        assert Dissemination.objects.get().sent_at is None

    def test_all_staff_and_units_at_once_is_refused_beside_the_field(self, client, signed_in):
        page = client.post(f"{LIST}add/", self.form(UnitFactory(), LegalDocumentFactory(), to_all="on"))

        assert "Đã chọn gửi toàn thể thì bỏ chọn các đơn vị." in page.content.decode()
        assert not Dissemination.objects.exists()

    def test_what_was_sent_keeps_its_words_and_may_be_read_longer(self, client, signed_in):
        dissemination = DisseminationFactory(title="Như đã gửi")
        disseminating.send(dissemination, by=signed_in, at=NOON)
        form = {"title": "Khác", "to_all": "on", "read_by": "31/12/2026"}

        client.post(f"{LIST}{dissemination.pk}/change/", form)

        dissemination.refresh_from_db()
        assert dissemination.title == "Như đã gửi"
        assert dissemination.read_by == date(2026, 12, 31)
        assert dissemination.sent_at == NOON

    def test_what_was_sent_is_not_deleted(self, client, signed_in):
        dissemination = DisseminationFactory()
        disseminating.send(dissemination, by=signed_in, at=NOON)
        draft = DisseminationFactory()

        refused = client.post(f"{LIST}{dissemination.pk}/delete/", {"post": "yes"})
        client.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})

        assert refused.status_code == 403
        assert list(Dissemination.objects.all()) == [dissemination]
        assert ReadReceipt.objects.count() == 1

    def test_who_has_not_read_is_shown_by_unit_and_reminded(self, client, signed_in):
        unit = UnitFactory()
        reader = staff(unit, last_name="Người", first_name="Đọc")
        staff(unit, last_name="Người", first_name="Chưa")
        dissemination = to_units(unit)
        disseminating.send(dissemination, by=signed_in, at=NOON)
        disseminating.confirm(dissemination.receipts.get(user=reader), by=reader, at=NOON)
        Dissemination.objects.update(read_by=timezone.localdate() - timedelta(days=2))
        staff(unit)
        address = reverse("admin:news_dissemination_receipts", args=[dissemination.pk])

        page = client.get(address).content.decode()
        reminded = client.post(address, {"_remind": "1"}, follow=True).content.decode()
        sent = client.post(address, {"_send": "1"}, follow=True).content.decode()

        assert "1/2" in page
        assert "quá hạn 2 ngày" in page
        assert "Người Chưa" in page
        assert "Người Đọc" not in page
        assert "Người Đọc" in client.get(address, {"xem": "da-doc"}).content.decode()
        assert "Nhắc 1 người chưa đọc" in page
        assert "Đã nhắc 1 người." in reminded
        assert "Gửi cho 1 người mới" in page
        assert "Đã gửi cho 1 người mới." in sent

    def test_the_late_ones_are_a_task_that_leads_to_the_list_of_just_them(self, client, signed_in):
        late = DisseminationFactory(sent_at=NOON, read_by=timezone.localdate() - timedelta(days=1))
        ReadReceipt.objects.create(dissemination=late, user=UserFactory())
        DisseminationFactory(sent_at=NOON)

        task = next(task for task in tasks.waiting(signed_in, timezone.localdate()) if "Nhắc người" in task.title)

        assert task.count == 1
        assert list(client.get(task.url).context["cl"].result_list) == [late]

    def test_the_receipts_are_a_table_to_keep(self, client, signed_in):
        unit = UnitFactory()
        reader = staff(unit, last_name="Người", first_name="Đọc", job_title="Chuyên viên")
        dissemination = to_units(unit, title="Nghị định mới")
        disseminating.send(dissemination, by=signed_in, at=NOON)
        disseminating.confirm(dissemination.receipts.get(), by=reader, at=NOON)

        response = client.get(reverse("admin:news_dissemination_receipts-file", args=[dissemination.pk]))

        rows = list(load_workbook(BytesIO(response.getvalue())).active.values)
        assert rows[1][:4] == (unit.name, "Người Đọc", "Chuyên viên", "12:00 24/11/2026")
        assert "da-doc-nghi-dinh-moi.xlsx" in response.headers["Content-Disposition"]

    @pytest.mark.parametrize("role", [name for name in roles.ROLES if name != roles.OFFICE])
    def test_others_see_neither_drafts_nor_who_has_read(self, client, office, role):
        sent, draft = DisseminationFactory(), DisseminationFactory()
        disseminating.send(sent, by=office, at=NOON)
        client.force_login(UserFactory(role=role))

        assert list(client.get(LIST).context["cl"].result_list) == [sent]
        assert client.get(f"{LIST}{draft.pk}/change/").status_code == 302
        for name in ("receipts", "receipts-file"):
            assert client.get(reverse(f"admin:news_dissemination_{name}", args=[sent.pk])).status_code == 403

    def test_the_list_takes_as_many_queries_for_many_as_for_few(self, client, signed_in, django_assert_num_queries):
        unit = UnitFactory()
        to_units(unit)
        client.get(LIST)
        with CaptureQueriesContext(connection) as few:
            client.get(LIST)
        for _ in range(6):
            to_units(unit)

        with django_assert_num_queries(len(few)):
            client.get(LIST)


class TestDemonstration:
    def load(self, people=True):
        ground.load_organisation()
        ground.load_accounts()
        internal.load(at=NOON, people=people)

    def test_documents_of_the_plan_are_partly_read_and_a_second_load_changes_nothing(self):
        for number in ("63/2010/NĐ-CP", "118/2025/NĐ-CP"):
            LegalDocumentFactory(number=number)

        self.load()
        self.load()

        assert Dissemination.objects.count() == 2
        assert 0 < ReadReceipt.objects.read().count() < ReadReceipt.objects.count() == 2 * len(ground.ACCOUNTS)
        assert not Email.objects.exists()

    def test_it_writes_to_nobody_where_the_accounts_are_real(self):
        LegalDocumentFactory(number="63/2010/NĐ-CP")

        self.load(people=False)

        assert not Dissemination.objects.exists()

    def test_the_team_has_a_history_and_trainings_and_review_say_that_they_are_illustrations(self):
        ProcedureFactory(published=True)

        self.load()
        self.load()

        assert TeamMember.objects.on(TODAY).count() == 5
        assert TeamMember.objects.over(TODAY).count() == 1
        assert [record.course.endswith("(minh họa)") for record in TrainingRecord.objects.all()] == [True, True]
        assert "minh họa" in ReviewPlan.objects.get(year=2024).title

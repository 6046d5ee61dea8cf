"""The staff's list and form of procedures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import roles
from portal.admin_site import tasks
from portal.models import SearchMiss
from procedures import history, publishing
from procedures.admin import procedures_waiting
from procedures.models import DossierCase, DossierItem, Fee, Procedure
from tests.factories import (
    DossierCaseFactory,
    DossierItemFactory,
    FeeFactory,
    FieldFactory,
    FormFileFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    ProcedureFactory,
    SubmissionMethodFactory,
    UserFactory,
)

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LIST = reverse("admin:procedures_procedure_changelist")

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def change_url(procedure):
    return reverse("admin:procedures_procedure_change", args=[procedure.pk])


def page_url(name, *args):
    return reverse(f"admin:procedures_procedure_{name}", args=args)


def stored(procedure):
    return Procedure.objects.get(pk=procedure.pk)


def sent_back(response):
    """Return what a browser would send if nobody touched the form."""
    context = response.context
    forms = [context["adminform"].form]
    data = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, datetime):
                local = timezone.localtime(value)
                data[f"{bound.html_name}_0"], data[f"{bound.html_name}_1"] = f"{local:%d/%m/%Y}", f"{local:%H:%M:%S}"
            else:
                data[bound.html_name] = "on" if value is True else bound.field.widget.format_value(value)
    return {name: value[0] if isinstance(value, list) else value for name, value in data.items() if value is not None}


def opened(client, procedure):
    response = client.get(change_url(procedure))
    assert response.status_code == 200
    return sent_back(response)


def add_row(data, prefix, **values):
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = number + 1
    data |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}


# Who may.


@pytest.mark.parametrize(
    ("role", "may_see", "may_change", "may_publish"),
    [
        (roles.OFFICE, True, True, True),
        (roles.ADMINISTRATOR, True, False, False),
        (roles.EDITOR, True, False, False),
        (roles.APPROVER, True, False, False),
        (roles.FOCAL_PERSON, True, False, False),
        (roles.UNIT, True, False, False),
        (None, False, False, False),
    ],
)
def test_each_role_does_what_its_work_needs(client, role, may_see, may_change, may_publish):
    client.force_login(UserFactory(role=role))
    procedure = ProcedureFactory()

    seen = client.get(change_url(procedure))
    client.post(LIST, {"action": "publish_selected", "_selected_action": [procedure.pk]})

    assert (seen.status_code == 200) == may_see
    assert (b'name="_save"' in seen.content) == may_change
    assert (b'name="_publish"' in seen.content) == may_publish
    assert stored(procedure).is_published == may_publish
    for address in (LIST, page_url("preview", procedure.pk), page_url("history", procedure.pk), page_url("deleted")):
        assert (client.get(address).status_code == 200) == may_see


@pytest.mark.parametrize("name", ["preview", "preview-page", "compare", "history", "change"])
def test_pages_about_a_procedure_that_is_not_there_say_so(client, officer, name):
    response = client.get(page_url(name, 987), follow=True)

    assert response.status_code == 404 or "không tồn tại" in response.content.decode()


def test_somebody_who_may_only_look_changes_nothing_by_a_forged_request(client):
    procedure = ProcedureFactory()
    client.force_login(UserFactory(role=roles.OFFICE))
    data = opened(client, procedure)
    client.force_login(UserFactory(role=roles.UNIT))

    response = client.post(change_url(procedure), {**data, "steps": "Bước 1: Khác."})

    assert response.status_code == 403
    assert stored(procedure).steps == procedure.steps


def test_who_may_only_look_sees_the_whole_record(client):
    procedure = ProcedureFactory(steps="Bước 1: Nộp hồ sơ lạ.")
    case = DossierCaseFactory(procedure=procedure, name="Cấp mới lần đầu")
    DossierItemFactory(procedure=procedure, case=case, name="Đơn đề nghị lạ", form=FormFileFactory(name="Mẫu số 07"))
    client.force_login(UserFactory(role=roles.UNIT))

    page = client.get(change_url(procedure)).content.decode()

    for text in ("Bước 1: Nộp hồ sơ lạ.", "Đơn đề nghị lạ", "Mẫu số 07", str(procedure.legal_bases.get())):
        assert text in page
    assert page.count("<p>Cấp mới lần đầu</p>") == 2  # at its paper and in the list of cases
    assert "_save" not in page


def test_who_may_change_but_not_publish_cannot_publish(client, officer):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["view_procedure", "change_procedure"]))
    procedure = ProcedureFactory()
    data = opened(client, procedure)

    response = client.post(change_url(procedure), {**data, "_publish": "1"})

    assert response.status_code == 403
    assert not stored(procedure).is_published


# The list.


def test_the_list_takes_the_same_number_of_queries_however_long(client, officer, django_assert_num_queries):
    def add(count):
        for _ in range(count):
            procedure = ProcedureFactory(published=True)
            DossierItemFactory.create_batch(3, procedure=procedure)

    add(3)
    client.get(LIST)  # content types are kept from here on
    # Session, user, two for permissions, counts, rows with their methods and papers, and the choices of filters.
    with django_assert_num_queries(12):
        client.get(LIST)
    add(30)
    with django_assert_num_queries(12):
        client.get(LIST)


@pytest.mark.parametrize("term", ["x quang", "X-QUANG", "chụp răng", "chup rang", "2.002380", "2002380", "2.0023"])
def test_it_is_found_without_marks_by_synonym_or_by_code(client, officer, term):
    wanted = ProcedureFactory(code="2.002380", short_name="Cấp giấy phép X-quang", synonyms="máy chụp răng\nx quang")
    ProcedureFactory.create_batch(2)

    response = client.get(LIST, {"q": term})

    assert list(response.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize(
    ("choice", "value", "wanted"),
    [
        ("status__exact", "published", {"in force", "upcoming", "ended", "lacking"}),
        ("tinh-trang", "dang-ap-dung", {"in force", "lacking"}),
        ("tinh-trang", "sap-ap-dung", {"upcoming"}),
        ("tinh-trang", "het-hieu-luc", {"ended"}),
        ("bat-buoc", "thieu", {"lacking"}),
        ("bat-buoc", "du", {"in force", "upcoming", "ended", "draft"}),
        ("short_name_proposed__exact", "1", {"draft"}),
        ("cap", "at_commune", {"ended"}),
        ("lay-truoc", "30", {"upcoming"}),
        ("lay-truoc", "chua", {"ended", "lacking", "draft", "in force"}),
        ("cap", "nothing-such", {"in force", "upcoming", "ended", "lacking", "draft"}),
    ],
)
def test_filters_ask_in_the_words_of_the_office(client, officer, choice, value, wanted):
    today = timezone.localdate()
    ProcedureFactory(published=True, keywords="in force")
    ProcedureFactory(
        published=True,
        keywords="upcoming",
        in_force_from=today + timedelta(days=3),
        synced_at=timezone.now() - timedelta(days=40),
    )
    ProcedureFactory(published=True, keywords="ended", in_force_to=today - timedelta(days=1), at_commune=True)
    ProcedureFactory(published=True, keywords="lacking", steps="")
    ProcedureFactory(keywords="draft", short_name_proposed=True)

    response = client.get(LIST, {choice: value})

    assert {procedure.keywords for procedure in response.context["cl"].result_list} == wanted


def test_publishing_in_bulk_tells_which_were_refused_and_why(client, officer):
    complete, lacking = ProcedureFactory(), ProcedureFactory(steps="")

    response = client.post(
        LIST, {"action": "publish_selected", "_selected_action": [complete.pk, lacking.pk]}, follow=True
    )

    told = [str(message) for message in response.context["messages"]]
    assert stored(complete).is_published
    assert not stored(lacking).is_published
    assert told[0] == "Đã công khai 1 thủ tục."
    assert "Ghi các bước thực hiện." in told[1]
    assert change_url(lacking) in told[1]


def test_withdrawing_and_confirming_in_bulk_tell_what_was_done(client, officer):
    public, draft = ProcedureFactory(published=True), ProcedureFactory(short_name_proposed=True)
    both = [public.pk, draft.pk]

    client.post(LIST, {"action": "withdraw_selected", "_selected_action": both})
    response = client.post(LIST, {"action": "confirm_short_names", "_selected_action": both}, follow=True)

    assert not stored(public).is_published
    assert not stored(draft).short_name_proposed
    assert "Đã xác nhận 1 tên ngắn." in [str(message) for message in response.context["messages"]]


def test_looking_at_the_list_or_form_writes_nothing(client, officer):
    procedure = ProcedureFactory()

    client.get(LIST)
    client.get(change_url(procedure))

    assert not history.versions(procedure.pk).exists()


# The form.


def test_the_form_takes_the_same_number_of_queries_however_many_rows(client, officer):
    procedure = ProcedureFactory()
    client.get(change_url(procedure))

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(change_url(procedure))
        return len(queries)

    before = count()
    case = DossierCaseFactory(procedure=procedure)
    for _ in range(8):
        DossierItemFactory(procedure=procedure, case=case, form=FormFileFactory())
        LegalBasisFactory(procedure=procedure)
        FeeFactory(procedure=procedure)
        SubmissionMethodFactory(procedure=procedure)

    assert count() == before


def test_saving_untouched_changes_nothing_but_leaves_a_version(client, officer):
    procedure = ProcedureFactory(synced_at=NOON, in_force_from=date(2026, 1, 5))
    case = DossierCaseFactory(procedure=procedure)
    DossierItemFactory(procedure=procedure, case=case, form=FormFileFactory())
    before = history.stored(stored(procedure))

    response = client.post(change_url(procedure), opened(client, procedure))

    assert response.status_code == 302
    assert history.compare(before, history.stored(stored(procedure))) == []
    version = history.versions(procedure.pk).get()
    assert version.revision.user == officer
    assert len(history.snapshot(version).rows["items"]) == 2


def test_what_blocks_publication_is_listed_with_the_way_there(client, officer):
    procedure = ProcedureFactory(steps="", methods=None)

    page = client.get(change_url(procedure)).content.decode()

    assert '<a href="#id_steps">Trình tự thực hiện</a>: Ghi các bước thực hiện.' in page
    assert '<a href="#methods-group">Cách thức thực hiện</a>' in page
    assert 'id="methods-group"' in page
    assert "khoản 2 Điều 8 Nghị định 63/2010/NĐ-CP" in page


def test_every_blocker_leads_to_a_place_on_the_form(client, officer):
    procedure = Procedure.objects.create(name="Thủ tục")

    page = client.get(change_url(procedure)).content.decode()

    for blocker in publishing.blockers(procedure):
        anchor = f"{blocker.field}-group" if blocker.field in history.PARTS else f"id_{blocker.field}"
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_save_and_publish_does_both(client, officer):
    procedure = ProcedureFactory(steps="")
    data = opened(client, procedure)

    client.post(change_url(procedure), {**data, "steps": "Bước 1: Nộp.", "_publish": "1"})

    assert stored(procedure).is_published
    assert history.versions(procedure.pk).get().revision.comment.endswith("Công khai.")


def test_save_and_publish_keeps_what_was_typed_when_something_is_missing(client, officer):
    procedure = ProcedureFactory(steps="", results="")
    data = opened(client, procedure)

    response = client.post(change_url(procedure), {**data, "results": "Giấy phép mới", "_publish": "1"}, follow=True)

    assert not stored(procedure).is_published
    assert stored(procedure).results == "Giấy phép mới"
    assert "Chưa công khai được" in response.content.decode()


def test_save_and_withdraw_takes_it_off_the_public_pages(client, officer):
    procedure = ProcedureFactory(published=True)

    client.post(change_url(procedure), {**opened(client, procedure), "_withdraw": "1"})

    assert not stored(procedure).is_published


@pytest.mark.parametrize("field", ["code", "short_name"])
def test_a_public_procedure_keeps_its_code_and_short_name(client, officer, field):
    procedure = ProcedureFactory(published=True)

    response = client.post(change_url(procedure), {**opened(client, procedure), field: ""})

    assert response.context["adminform"].form.errors.as_data()[field][0].code == "published"
    assert getattr(stored(procedure), field)


def test_a_status_that_is_sent_along_is_not_taken(client, officer):
    procedure = ProcedureFactory()

    client.post(change_url(procedure), {**opened(client, procedure), "status": "published"})

    assert not stored(procedure).is_published


def test_errors_are_listed_with_a_link_to_each_box(client, officer):
    procedure = ProcedureFactory()
    data = {**opened(client, procedure), "code": "12", "fees-0-amount": ""}

    page = client.post(change_url(procedure), data).content.decode()

    assert "Cần sửa 2 chỗ trước khi lưu" in page
    assert '<a href="#id_code">Mã TTHC: Mã có dạng' in page
    assert '<a href="#fees-0">Phí, lệ phí, dòng 1: Ghi số tiền lớn hơn 0' in page


def test_a_unit_of_time_without_a_number_is_refused(client, officer):
    procedure = ProcedureFactory()

    response = client.post(change_url(procedure), {**opened(client, procedure), "methods-0-time_limit": ""})

    assert "Thời hạn là một số lớn hơn 0 kèm đơn vị" in response.content.decode()


# Papers and their cases.


def test_a_case_that_is_typed_is_made_once_for_all_its_papers(client, officer):
    procedure = ProcedureFactory()
    data = opened(client, procedure)
    add_row(data, "items", case_name="  Cấp   mới ", name="Đơn đề nghị", order=1)
    add_row(data, "items", case_name="Cấp mới", name="Bản sao", order=2)

    client.post(change_url(procedure), data)

    case = procedure.cases.get()
    assert case.name == "Cấp mới"
    assert list(case.items.values_list("name", flat=True)) == ["Đơn đề nghị", "Bản sao"]


def test_a_case_of_another_procedure_is_not_taken(client, officer):
    other = DossierCaseFactory(name="Cấp mới")
    procedure = ProcedureFactory()
    data = opened(client, procedure)
    add_row(data, "items", case_name="Cấp mới", name="Đơn đề nghị", order=1)

    client.post(change_url(procedure), data)

    assert other.items.count() == 0
    assert procedure.cases.get() != other


def test_renaming_a_case_keeps_its_papers_and_makes_no_second(client, officer):
    procedure = ProcedureFactory()
    paper = DossierItemFactory(procedure=procedure, case=DossierCaseFactory(procedure=procedure, name="Cấp mới"))
    data = {**opened(client, procedure), "cases-0-name": "Cấp lần đầu", "items-1-note": "Theo mẫu"}

    client.post(change_url(procedure), data)

    assert DossierCase.objects.filter(procedure=procedure).values_list("name", flat=True).get() == "Cấp lần đầu"
    assert DossierItem.objects.get(pk=paper.pk).case.name == "Cấp lần đầu"


def test_a_case_goes_with_its_last_paper(client, officer):
    procedure = ProcedureFactory()
    DossierItemFactory(procedure=procedure, case=DossierCaseFactory(procedure=procedure))

    client.post(change_url(procedure), {**opened(client, procedure), "items-1-DELETE": "on"})

    assert not procedure.cases.exists()
    assert procedure.items.count() == 1


# Two people at once.


def test_the_second_save_does_not_overwrite_unseen(client, officer):
    procedure = ProcedureFactory()
    client.post(change_url(procedure), opened(client, procedure))
    mine, theirs = opened(client, procedure), opened(client, procedure)
    client.post(change_url(procedure), {**theirs, "steps": "Bước 1: Của người kia."})

    response = client.post(change_url(procedure), {**mine, "results": "Của tôi"})

    form = response.context["adminform"].form
    assert form.errors.as_data()["__all__"][0].code == "changed_meanwhile"
    assert "Trình tự thực hiện" in form.non_field_errors()[0]
    assert stored(procedure).steps == "Bước 1: Của người kia."
    assert sent_back(response)["results"] == "Của tôi"
    # Having seen it, one may decide.
    client.post(change_url(procedure), sent_back(response))
    assert stored(procedure).results == "Của tôi"


def test_a_publication_in_between_is_seen_too(client, officer):
    procedure = ProcedureFactory()
    mine = opened(client, procedure)
    publishing.publish(procedure, by=officer, at=NOON)

    response = client.post(change_url(procedure), mine)

    assert response.context["adminform"].form.errors.as_data()["__all__"][0].code == "changed_meanwhile"


def test_rows_that_others_replaced_stand_beside_what_was_typed(client, officer):
    procedure = ProcedureFactory()
    mine = {**opened(client, procedure), "fees-0-note": "Tôi ghi"}
    procedure.fees.get().delete()
    theirs = FeeFactory(procedure=procedure, amount=700_000, valid_from=date(2026, 12, 1))
    publishing.publish(procedure, by=officer, at=NOON)  # leaves a version

    response = client.post(change_url(procedure), mine)

    again = sent_back(response)
    assert (again["fees-TOTAL_FORMS"], again["fees-INITIAL_FORMS"]) == ("2", "1")
    assert (again["fees-0-id"], again["fees-0-amount"], again["fees-1-note"]) == (str(theirs.pk), "700000", "Tôi ghi")
    client.post(change_url(procedure), {**again, "fees-0-DELETE": "on"})
    assert Fee.objects.get(procedure=procedure).note == "Tôi ghi"


# Deleting, restoring, looking.


def test_only_a_draft_that_was_never_public_can_be_deleted(client, officer):
    draft, public = ProcedureFactory(), ProcedureFactory(published=True)
    withdrawn = ProcedureFactory(published=True)
    publishing.withdraw(withdrawn, by=officer, at=NOON)

    for procedure in (draft, public, withdrawn):
        client.post(page_url("delete", procedure.pk), {"post": "yes"})
    client.post(
        LIST, {"action": "delete_selected", "_selected_action": [public.pk, withdrawn.pk], "post": "yes"}, follow=True
    )

    assert set(Procedure.objects.all()) == {public, withdrawn}


def test_a_deleted_draft_is_listed_and_comes_back(client, officer):
    draft = ProcedureFactory()
    pk = draft.pk
    client.post(page_url("delete", pk), {"post": "yes"})
    page = client.get(page_url("deleted"))
    version = page.context["page"][0]

    client.post(page_url("recover", version.pk))

    assert str(version.revision.user) == str(officer)
    assert Procedure.objects.get(pk=pk).items.count() == 1


def test_history_compares_and_restores_the_whole_record(client, officer):
    procedure = ProcedureFactory()
    client.post(change_url(procedure), opened(client, procedure))
    client.post(change_url(procedure), {**opened(client, procedure), "steps": "Bước 1: Khác.", "items-0-DELETE": "on"})
    old = history.versions(procedure.pk).last()

    listing = client.get(page_url("history", procedure.pk)).content.decode()
    comparison = client.get(page_url("compare", procedure.pk), {"truoc": old.pk, "sau": ""})
    latest = comparison.context["latest"]
    client.post(page_url("restore", procedure.pk, old.pk), {"latest": latest})

    assert str(officer) in listing
    assert '<span class="visually-hidden">Bỏ: </span>' in comparison.content.decode()
    assert stored(procedure).steps == procedure.steps
    assert stored(procedure).items.count() == 1


def test_restoring_after_somebody_saved_asks_to_look_again(client, officer):
    procedure = ProcedureFactory()
    client.post(change_url(procedure), opened(client, procedure))
    old = history.versions(procedure.pk).get()
    client.post(change_url(procedure), {**opened(client, procedure), "steps": "Bước 1: Khác."})

    response = client.post(page_url("restore", procedure.pk, old.pk), {"latest": old.pk})

    assert response.url == f"{page_url('compare', procedure.pk)}?truoc={old.pk}"
    assert stored(procedure).steps == "Bước 1: Khác."


@pytest.mark.parametrize("query", ["", "truoc=abc", "truoc=999999999999999999999", "truoc={0}&sau={0}", "sau=0"])
def test_a_comparison_of_nothing_leads_back_to_the_history(client, officer, query):
    procedure = ProcedureFactory()
    client.post(change_url(procedure), opened(client, procedure))
    version = history.versions(procedure.pk).get()

    response = client.get(f"{page_url('compare', procedure.pk)}?{query.format(version.pk)}")

    assert response.url == page_url("history", procedure.pk)


def test_a_version_of_another_procedure_is_not_restored(client, officer):
    one, other = ProcedureFactory(), ProcedureFactory()
    client.post(change_url(other), opened(client, other))
    version = history.versions(other.pk).get()

    response = client.post(page_url("restore", one.pk, version.pk), {"latest": "0"})

    assert response.status_code == 404


@pytest.mark.parametrize("role", [roles.UNIT, roles.EDITOR])
def test_who_may_only_look_restores_and_recovers_nothing(client, role):
    procedure = ProcedureFactory()
    publishing.publish(procedure, by=None, at=NOON)
    version = history.versions(procedure.pk).get()
    client.force_login(UserFactory(role=role))

    restore = client.post(page_url("restore", procedure.pk, version.pk), {"latest": version.pk})
    recover = client.post(page_url("recover", version.pk))

    assert (restore.status_code, recover.status_code) == (403, 403)


def test_a_draft_is_previewed_as_the_public_would_see_it(client, officer):
    procedure = ProcedureFactory(steps="")

    frames = client.get(page_url("preview", procedure.pk))
    page = client.get(page_url("preview-page", procedure.pk))

    assert frames.content.decode().count(f'src="{page_url("preview-page", procedure.pk)}"') == 2
    assert page.status_code == 200
    assert "Bản xem trước" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"


# The first page.


def test_the_first_page_counts_what_its_lists_hold(client, officer):
    today = timezone.localdate()
    incomplete = ProcedureFactory(published=True, steps="")
    ProcedureFactory(short_name_proposed=True)
    ProcedureFactory(steps="")
    ProcedureFactory(published=True, in_force_from=today + timedelta(days=2))
    ProcedureFactory(published=True, in_force_from=today + timedelta(days=9))
    lapsed = LegalDocumentFactory(valid_to=today - timedelta(days=1))
    LegalBasisFactory(procedure=incomplete, document=lapsed)
    SearchMiss.objects.create(query="may chup rang", day=today)

    waiting = {task.title: task for task in procedures_waiting(officer, today)}

    assert {title: task.count for title, task in waiting.items()} == {
        "Bổ sung phần bắt buộc của thủ tục đã công khai": 1,
        "Xem lại thủ tục có căn cứ đã hết hiệu lực": 1,
        "Xác nhận tên ngắn do máy đề xuất": 1,
        "Công khai bản nháp đã đủ phần bắt buộc": 1,
        "Thủ tục bắt đầu áp dụng trong 7 ngày tới": 1,
        "Từ khóa tìm không có kết quả": 1,
    }
    for task in waiting.values():
        assert client.get(task.url).context["cl"].result_count == task.count


def test_nobody_is_asked_for_what_he_may_not_do():
    ProcedureFactory(published=True, steps="")
    ProcedureFactory(short_name_proposed=True)

    titles = [task.title for task in tasks.waiting(UserFactory(role=roles.UNIT), timezone.localdate())]

    assert not [title for title in titles if title.startswith(("Bổ sung", "Xác nhận tên", "Công khai"))]


# Autocompletes.


def test_a_field_is_chosen_by_words_without_marks(client, officer):
    field = FieldFactory(name="Sở hữu trí tuệ")
    FieldFactory(name="Đo lường")

    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "procedures", "model_name": "procedure", "field_name": "field", "term": "so huu"},
    )

    assert [choice["id"] for choice in response.json()["results"]] == [str(field.pk)]

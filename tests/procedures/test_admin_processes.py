"""The staff's lists and forms of internal processes and service prices."""

from datetime import date

import pytest
from django.urls import reverse

from portal import roles
from portal.admin_site import tasks
from procedures.admin_processes import processes_waiting
from procedures.models import InternalProcess, ServicePrice
from tests.factories import (
    InternalProcessFactory,
    ProcedureFactory,
    ProcessStepFactory,
    ServicePriceFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
PROCESSES = reverse("admin:procedures_internalprocess_changelist")
PRICES = reverse("admin:procedures_serviceprice_changelist")


@pytest.fixture
def officer(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def process(days=18, **values):
    made = InternalProcessFactory(**values)
    ProcessStepFactory(process=made, time=days)
    return made


def form_of(procedure, *times):
    steps = {}
    for number, time in enumerate(times):
        prefix = f"steps-{number}-"
        values = {"order": number, "name": f"Việc {number}", "role": "Bộ phận Một cửa", "unit": "", "time": time}
        values |= {"time_unit": "working_day", "result": ""}
        steps |= {prefix + name: value for name, value in values.items()}
    return {
        "procedure": procedure.pk,
        "case": "",
        "document": "",
        "valid_from": "01/01/2026",
        "valid_to": "",
        "note": "",
        "steps-TOTAL_FORMS": len(times),
        "steps-INITIAL_FORMS": 0,
        **steps,
    }


def test_a_process_is_entered_with_its_steps(client, officer):
    procedure = ProcedureFactory(published=True)

    response = client.post(
        reverse("admin:procedures_internalprocess_add"), form_of(procedure, "0.5", "17.5"), follow=True
    )

    stored = InternalProcess.objects.get()
    assert response.redirect_chain
    assert [step.duration for step in stored.steps.all()] == ["0,5 ngày làm việc", "17,5 ngày làm việc"]
    assert "cần xem lại" not in response.content.decode()


def test_steps_that_do_not_add_up_are_stored_with_a_warning(client, officer):
    procedure = ProcedureFactory(published=True)

    response = client.post(reverse("admin:procedures_internalprocess_add"), form_of(procedure, "3", "4"), follow=True)

    assert InternalProcess.objects.get().hours == 56
    assert "Đã lưu, nhưng cần xem lại. Các bước cộng lại là 7 ngày làm việc" in response.content.decode()


@pytest.mark.parametrize(("field", "value"), [("steps-0-time", "0"), ("steps-0-role", ""), ("valid_to", "31/12/2025")])
def test_what_cannot_be_is_refused_beside_its_field(client, officer, field, value):
    data = form_of(ProcedureFactory(published=True), "18") | {field: value}

    response = client.post(reverse("admin:procedures_internalprocess_add"), data)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not InternalProcess.objects.exists()


def test_a_process_needs_a_step(client, officer):
    data = form_of(ProcedureFactory(published=True)) | {"steps-TOTAL_FORMS": 1}

    response = client.post(reverse("admin:procedures_internalprocess_add"), data)

    assert response.status_code == 200
    assert not InternalProcess.objects.exists()


def test_the_form_tells_the_total(client, officer):
    right, wrong = process(18), process(7)

    def page(one):
        return client.get(reverse("admin:procedures_internalprocess_change", args=[one.pk])).content.decode()

    assert "18 ngày làm việc" in page(right)
    assert "Cần sửa: Các bước cộng lại là 7 ngày làm việc" in page(wrong)


def test_the_task_counts_just_what_its_list_holds(client, officer):
    wrong = process(7)
    process(18)
    process(7, valid_to=date(2026, 1, 31))  # nobody mends what has ended

    (task,) = [task for task in processes_waiting(officer, TODAY) if task.count]
    listed = client.get(task.url).context["cl"].result_list

    assert task.count == 1
    assert [one.pk for one in listed] == [wrong.pk]
    assert task in tasks.waiting(officer, TODAY)


@pytest.mark.parametrize("role", [roles.EDITOR, roles.FOCAL_PERSON, roles.UNIT, roles.ADMINISTRATOR])
def test_others_see_but_do_not_change(client, role):
    client.force_login(UserFactory(role=role))
    made, price = process(7), ServicePriceFactory()

    for address, pk in ((PROCESSES, made.pk), (PRICES, price.pk)):
        assert client.get(address).status_code == 200
        assert client.get(f"{address}add/").status_code == 403
        assert client.post(f"{address}{pk}/change/", {}).status_code == 403
    assert not list(processes_waiting(UserFactory(role=role), TODAY))


def test_processes_are_found_without_marks(client, officer):
    found = process(procedure__short_name="Cấp giấy phép X-quang")
    process(procedure__short_name="Đăng ký mã vạch", procedure__name="Đăng ký mã vạch")

    listed = client.get(PROCESSES, {"q": "giay phep"}).context["cl"].result_list

    assert [one.pk for one in listed] == [found.pk]


@pytest.mark.parametrize(("value", "name"), [("co", "Nay"), ("sap", "Mai sau"), ("het", "Xưa")])
def test_prices_are_filtered_by_whether_they_apply_today(client, officer, value, name):
    ServicePriceFactory(name="Nay")
    ServicePriceFactory(name="Mai sau", valid_from=date(2100, 1, 1))
    ServicePriceFactory(name="Xưa", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))

    assert [one.name for one in client.get(PRICES, {"ap-dung": value}).context["cl"].result_list] == [name]


def test_a_price_is_entered(client, officer):
    unit = UnitFactory()
    data = {
        "unit": unit.pk,
        "name": "Đo lường",
        "measure": "cái",
        "amount": "45000",
        "vat": "included",
        "document": "",
        "valid_from": "01/01/2026",
        "valid_to": "",
        "note": "",
    }

    client.post(reverse("admin:procedures_serviceprice_add"), data)

    price = ServicePrice.objects.get()
    assert (price.unit, price.amount, price.sort_key) == (unit, 45_000, "do luong")
    again = client.post(reverse("admin:procedures_serviceprice_add"), data)
    assert "đã có giá áp dụng từ cùng ngày" in again.content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_of_the_lists_do_not_grow(client, officer, count, django_assert_max_num_queries):
    for _ in range(count):
        process(7)
        ServicePriceFactory()

    with django_assert_max_num_queries(11):
        client.get(PROCESSES)
    with django_assert_max_num_queries(9):
        client.get(PRICES)

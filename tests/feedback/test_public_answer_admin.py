import pytest
from django.urls import reverse

from feedback import disclosing
from feedback.models import AccessRecord, PublicAnswer
from portal import roles
from tests.factories import UserFactory
from tests.feedback.cast import cast, handled, later
from tests.feedback.test_disclosing import NAME, answered, published, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def case(people):
    return answered(people)


@pytest.fixture
def copy(case, people):
    return disclosing.prepare(case, by=people.officer, at=later(3))


def page(copy):
    return reverse("admin:feedback_publicanswer_change", args=[copy.pk])


def step(copy):
    return reverse("admin:feedback_publicanswer_step", args=[copy.pk])


def filled(**values):
    return {"title": "Giấy tờ", "question": "Hỏi", "answer": "Đáp", **values}


def test_a_case_leads_to_its_copy(case, people, client):
    client.force_login(people.officer)

    response = client.post(reverse("admin:feedback_publicanswer_prepare", args=[case.pk]))

    assert response.url == page(PublicAnswer.objects.get())


def test_no_copy_is_made_by_following_a_link(case, people, client):
    client.force_login(people.officer)

    assert client.get(reverse("admin:feedback_publicanswer_prepare", args=[case.pk])).status_code == 405


def test_the_original_stands_beside_the_copy_and_looking_is_written_down(copy, people, client):
    client.force_login(people.officer)

    text = client.get(page(copy)).content.decode()

    assert f"<mark>{NAME}</mark>" in text
    assert "Kính gửi ông [tên]." in text
    assert AccessRecord.objects.get().by == people.officer


def test_who_may_not_read_the_sender_sees_a_masked_original(copy, people, client):
    reader = UserFactory(role=roles.OFFICE)
    for group in reader.groups.all():
        group.permissions.remove(group.permissions.get(codename="read_sender"))
    client.force_login(reader)

    text = client.get(page(copy)).content.decode()

    assert NAME not in text
    assert not AccessRecord.objects.exists()


def test_a_stranger_finds_neither_list_nor_page(copy, people, client):
    client.force_login(people.stranger)

    assert copy.title not in client.get(reverse("admin:feedback_publicanswer_changelist")).content.decode()
    assert client.get(page(copy)).status_code == 404
    assert client.post(step(copy), {"_publish": "1"}).status_code == 404


def test_masking_keeps_what_was_typed_with_masks(copy, people, client):
    client.force_login(people.officer)

    client.post(page(copy), filled(answer=f"Gửi {NAME}, 0903 000 111", _mask="1"))

    copy.refresh_from_db()
    assert copy.answer == "Gửi [tên], [số điện thoại]"


def test_handing_in_tells_what_is_left_and_keeps_what_was_typed(copy, people, client):
    client.force_login(people.officer)

    response = client.post(page(copy), filled(answer=f"Gửi {NAME}", _submit_public="1"), follow=True)

    copy.refresh_from_db()
    assert (copy.status, copy.answer) == ("draft", f"Gửi {NAME}")
    assert "che hoặc ghi lý do để nguyên" in response.content.decode()


def test_a_reason_lets_a_finding_stand(copy, people, client):
    client.force_login(people.officer)
    values = filled(answer="Gọi 0254 111 2222", found=["0254 111 2222"], reason=["Tổng đài tỉnh"], _submit_public="1")

    client.post(page(copy), values)

    copy.refresh_from_db()
    assert copy.status == "submitted"


def test_the_office_reads_the_differences_and_publishes(copy, people, client):
    submitted(copy, people)
    client.force_login(people.office)
    text = client.get(page(copy)).content.decode()

    client.post(step(copy), {"_publish": "1"})

    assert "Bản công khai khác bản gốc" in text
    assert "Bỏ: " in text
    copy.refresh_from_db()
    assert copy.status == "published"


def test_who_prepared_it_is_told_that_another_has_to_approve(case, people, client):
    copy = disclosing.prepare(case, by=people.office, at=later(3))
    disclosing.submit(copy, by=people.office, at=later(3))
    client.force_login(people.office)

    text = client.get(page(copy)).content.decode()

    assert "Người soạn không tự duyệt" in text
    assert 'name="_publish"' not in text


def test_returning_and_taking_away_need_words(copy, people, client):
    submitted(copy, people)
    client.force_login(people.office)

    response = client.post(step(copy), {"_return_public": "1", "remark": ""}, follow=True)

    assert "Ghi ý kiến để người soạn biết cần sửa gì." in response.content.decode()


def test_a_published_copy_is_taken_away_with_a_reason(copy, people, client):
    published(copy, people)
    client.force_login(people.office)

    client.post(step(copy), {"_unpublish": "1", "remark": "Nội dung không còn đúng."})

    assert client.get(copy.get_absolute_url()).status_code == 410


def test_the_preview_is_the_public_page_and_public_to_nobody(copy, people, client):
    address = reverse("admin:feedback_publicanswer_preview", args=[copy.pk])
    assert client.get(address).status_code == 302
    client.force_login(people.officer)

    response = client.get(address)

    assert "feedback/public_answer.html" in [template.name for template in response.templates]
    assert copy.title in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    copy.refresh_from_db()
    assert copy.number is None


def test_an_unanswered_case_says_what_comes_first(people, client):
    client.force_login(people.officer)

    response = client.post(reverse("admin:feedback_publicanswer_prepare", args=[handled(people).pk]), follow=True)

    assert "Gửi câu trả lời cho người gửi" in response.content.decode()


def test_the_list_asks_as_often_for_many_as_for_few(people, client, django_assert_max_num_queries):
    for _ in range(3):
        disclosing.prepare(answered(people), by=people.officer, at=later(3))
    client.force_login(people.office)

    with django_assert_max_num_queries(16):
        response = client.get(reverse("admin:feedback_publicanswer_changelist"), {"q": "giay to"})

    assert response.content.decode().count("Giấy tờ trùng nhau") == 3


@pytest.mark.parametrize("key", ["²", "9" * 30])
def test_an_odd_key_leads_to_no_copy(people, client, key):
    client.force_login(people.office)
    assert client.get(f"/quan-tri/feedback/publicanswer/{key}/change/").status_code == 403

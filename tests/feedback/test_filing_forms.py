import pytest

from feedback.forms import NO_PROCEDURE, ContentForm, SenderForm, find_procedure, procedure_words
from procedures import listing
from tests.factories import FieldFactory, ProcedureFactory

CONTENT = {"about": "unfit", "title": "Giấy tờ trùng nhau", "content": "Phải nộp hai lần."}
SENDER = {"sender_kind": "person", "sender_name": "Người gửi", "address": "Số 2 Đường Thử"}


def content(**values):
    return ContentForm({**CONTENT, **values}, fields=listing.all_fields())


def sender(**values):
    return SenderForm({**SENDER, **values})


def cleaned(form, name):
    assert form.is_valid(), form.errors
    return form.cleaned_data[name]


def codes(form):
    return {name: [error.code for error in errors] for name, errors in form.errors.as_data().items()}


@pytest.fixture
def procedure(db):
    return ProcedureFactory(
        published=True, code="2.002380", name="Cấp giấy phép sử dụng thiết bị X-quang", field__name="An toàn bức xạ"
    )


@pytest.mark.django_db
def test_what_about_title_and_content_are_asked_for_and_nothing_more():
    assert codes(ContentForm({}, fields=[])) == {"about": ["required"], "title": ["required"], "content": ["required"]}
    assert content().is_valid()


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_with_the_number_to_leave_out():
    form = content(content="ạ" * 5230)
    assert form.errors["content"] == ["Nội dung dài quá 5.000 chữ cái, cần bớt 230."]
    assert content(content="ạ" * 5000).is_valid()


@pytest.mark.django_db
def test_letters_are_counted_as_people_see_them():
    # Marks written apart, and line breaks as a browser sends them.
    form = content(content="a\u0323" * 4998 + "\r\nb")
    assert form.is_valid()
    assert form.cleaned_data["content"] == "ạ" * 4998 + "\nb"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["2.002380", "2002380", "thủ tục 2.002380", "cap giay phep su dung thiet bi x-quang"])
def test_a_procedure_is_found_by_its_code_or_its_name(procedure, typed):
    ProcedureFactory(published=True, name="Gia hạn giấy phép sử dụng thiết bị X-quang")
    form = content(procedure=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["procedure"] == procedure
    assert form.cleaned_data["field"] == procedure.field


def test_a_single_good_hit_is_taken(procedure):
    assert cleaned(content(procedure="giấy phép x-quang"), "procedure") == procedure


def test_the_words_of_a_procedure_mean_it_alone(procedure):
    ProcedureFactory(published=True, name=procedure.name)
    assert cleaned(content(procedure=procedure_words(procedure)), "procedure") == procedure


def test_several_hits_are_offered_to_choose_from(procedure):
    other = ProcedureFactory(published=True, name="Gia hạn giấy phép sử dụng thiết bị X-quang")
    form = content(procedure="giấy phép x-quang")
    assert codes(form) == {"procedure": ["several"]}
    assert {row.pk for row in form.offered} == {procedure.pk, other.pk}
    chosen = {"procedure": "giấy phép x-quang", "procedure_asked": "giấy phép x-quang"}
    assert cleaned(content(**chosen, procedure_choice=str(other.pk)), "procedure") == other
    assert cleaned(content(**chosen, procedure_choice=NO_PROCEDURE), "procedure") is None


def test_a_choice_does_not_answer_other_words(procedure):
    other = ProcedureFactory(published=True, name="Gia hạn giấy phép sử dụng thiết bị X-quang")
    asked = {"procedure_asked": "giấy phép x-quang", "procedure_choice": str(other.pk)}
    assert cleaned(content(procedure="2.002380", **asked), "procedure") == procedure


def test_a_procedure_that_is_not_public_cannot_be_chosen(procedure):
    hidden = ProcedureFactory(name="Gia hạn giấy phép sử dụng thiết bị X-quang")
    form = content(procedure="giấy phép", procedure_asked="giấy phép", procedure_choice=str(hidden.pk))
    assert cleaned(form, "procedure") == procedure
    assert find_procedure("2002380") == procedure
    assert find_procedure("") is None


def test_an_unknown_procedure_is_told_with_the_way_on(procedure):
    form = content(procedure="máy bay không người lái")
    assert form.errors["procedure"] == [
        "Chưa tìm thấy thủ tục “máy bay không người lái”. Sửa lại tên, mã số hoặc để trống ô này."
    ]


@pytest.mark.django_db
def test_a_field_is_chosen_from_the_list():
    field = FieldFactory(slug="so-huu-tri-tue")
    assert cleaned(content(field="so-huu-tri-tue"), "field") == field
    assert codes(content(field="khong-co")) == {"field": ["invalid_choice"]}


def test_name_and_address_are_asked_for_as_the_decree_says():
    assert codes(SenderForm({})) == {
        "sender_kind": ["required"],
        "sender_name": ["required"],
        "address": ["required"],
    }
    form = sender()
    assert form.is_valid()
    assert not form.cleaned_data["publish_name"]
    assert not form.cleaned_data["news"]


def test_an_organisation_says_its_name_and_a_person_need_not():
    assert codes(sender(sender_kind="organisation")) == {"organisation_name": ["required"]}
    assert sender(sender_kind="organisation", organisation_name="Phòng khám").is_valid()
    assert cleaned(sender(organisation_name="Phòng khám " * 60), "organisation_name") == ""


def test_a_telephone_number_is_kept_in_one_form():
    assert cleaned(sender(phone="+84 903.000.000"), "phone") == "0903000000"
    assert codes(sender(phone="0903")) == {"phone": ["phone"]}


def test_an_address_for_mails_is_needed_only_by_who_wants_news():
    assert codes(sender(news=True)) == {"email": ["required"]}
    assert sender(news=True, email="mot@example.org").is_valid()
    assert codes(sender(email="mot@")) == {"email": ["invalid"]}


def test_errors_are_whole_sentences_in_the_words_of_the_house():
    forms = [ContentForm({}, fields=[]), SenderForm({}), sender(phone="1", email="a", sender_kind="organisation")]
    sentences = [sentence for form in forms for errors in form.errors.values() for sentence in errors]
    assert len(sentences) == 9
    for sentence in sentences:
        assert sentence.endswith(".")
        assert not {"vui lòng", "quý khách", "click"} & set(sentence.lower().split())

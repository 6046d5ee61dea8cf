import pytest
from django.db import transaction
from django.urls import reverse

from portal import search as portal_search
from portal.models import SearchChange, SearchSynonym
from procedures import search
from procedures.models import Procedure
from procedures.publishing import withdraw
from tests.factories import PUBLISHED_AT, FieldFactory, ProcedureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def xray():
    return ProcedureFactory(
        published=True,
        code="1.002380",
        name="Thủ tục cấp giấy phép sử dụng thiết bị X-quang chẩn đoán trong y tế",
        short_name="Cấp giấy phép sử dụng X-quang y tế",
        field=FieldFactory(name="An toàn bức xạ và hạt nhân"),
        steps="Bước 1: Nộp hồ sơ tại Bộ phận Một cửa.",
        synonyms="máy chiếu chụp",
    )


@pytest.fixture
def trademark():
    return ProcedureFactory(
        published=True,
        code="1.003000",
        name="Thủ tục đăng ký nhãn hiệu",
        short_name="Đăng ký nhãn hiệu",
        field=FieldFactory(name="Sở hữu trí tuệ"),
        steps="Bước 1: Nộp tờ khai.",
    )


@pytest.fixture(params=["with an index", "from the rows"])
def ready(request, xray, trademark):
    if request.param == "with an index":
        portal_search.catch_up()


@pytest.mark.parametrize(
    "text",
    [
        "x-quang",
        "X quang",
        "cap giay phep su dung x quang",
        "CẤP GIẤY PHÉP SỬ DỤNG X-QUANG",
        "giấy phép sử dụng",
        "máy chiếu chụp",
        "tôi muốn xin giấy phép X-quang",
    ],
)
@pytest.mark.usefixtures("ready")
def test_it_is_found_with_and_without_marks_with_and_without_an_index(xray, text):
    assert search.search(text).ids == [xray.pk]


@pytest.mark.parametrize(
    "text", ["1.002380", "1002380", "1.002380.000.00.00.H06", "thủ tục 1.002380 cần gì?", "(1002380)"]
)
@pytest.mark.usefixtures("ready")
def test_the_procedure_whose_code_was_typed_comes_first(xray, text):
    result = search.search(text)

    assert result.exact == xray.pk
    assert result.ids[0] == xray.pk


@pytest.mark.parametrize("text", ["1.999999", "91002380", "1.0023801", "21.002380"])
@pytest.mark.usefixtures("ready")
def test_a_number_that_is_no_code_of_ours_is_no_exact_hit(text):
    assert search.search(text).exact is None


@pytest.mark.parametrize(
    "text", ["", "   ", "(", '"', "*", "a AND (b", "😀", "\x00", "ấ" * 5000, "x " * 2500, "/", "[a-z]*"]
)
@pytest.mark.usefixtures("ready")
def test_whatever_is_typed_raises_nothing(text):
    result = search.search(text)

    assert result.exact is None
    assert search.suggest(text) is not None


def test_a_draft_is_not_found(xray):
    portal_search.catch_up()

    withdraw(xray, by=None, at=PUBLISHED_AT)
    portal_search.catch_up()

    assert search.search("x-quang").ids == []
    assert search.search("1.002380").exact is None
    assert search.suggest("x-qu") == []


def test_a_deleted_procedure_is_not_found(xray):
    portal_search.catch_up()

    xray.delete()
    portal_search.catch_up()

    assert search.search("x-quang").ids == []


def test_a_renamed_field_is_found_by_its_new_name(xray, trademark):
    portal_search.catch_up()
    assert search.search("năng lượng nguyên tử").ids == []

    xray.field.name = "Năng lượng nguyên tử"
    xray.field.save()
    portal_search.catch_up()

    assert search.search("năng lượng nguyên tử").ids == [xray.pk]


def test_a_change_that_is_rolled_back_leaves_nothing_for_the_index(xray):
    before = SearchChange.objects.count()

    with transaction.atomic():
        xray.save()
        transaction.set_rollback(True)

    assert SearchChange.objects.count() == before


def test_names_count_more_than_the_body(xray, trademark):
    other = ProcedureFactory(
        published=True, steps="Bước 1: Nộp đơn đăng ký nhãn hiệu.", name="Cấp thẻ", short_name="Cấp thẻ"
    )
    portal_search.catch_up()

    assert search.search("nhãn hiệu").ids[0] == trademark.pk
    assert other.pk not in search.search("x-quang").ids


def test_what_has_only_one_of_the_words_is_left_out(xray):
    advertising = ProcedureFactory(published=True, name="Cấp phép biển quảng cáo", short_name="Biển quảng cáo")
    portal_search.catch_up()

    assert search.search("x-quang").ids == [xray.pk]
    assert search.search("quảng cáo").ids == [advertising.pk]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("x quanh", "x quang"),
        ("giay phap su dung", "giấy phép sử dụng"),
        ("nhan hieuu", "nhãn hiệu"),
        ("nãhn hiệu", "nhãn hiệu"),
        ("đăng ký nhãn hiẹu x", None),
        ("đăng ký nhãn hiệu", None),
        ("hoàn toàn khác", None),
    ],
)
def test_a_slip_of_one_letter_is_put_right(xray, trademark, typed, meant):
    portal_search.catch_up()

    result = search.search(typed)

    assert result.suggestion == meant
    assert bool(result.ids) == (typed != "hoàn toàn khác")


def test_words_written_together_are_parted(xray, trademark):
    portal_search.catch_up()

    result = search.search("xquang")

    assert result.ids == [xray.pk]
    assert {"x", "quang"} <= result.terms


@pytest.mark.parametrize("text", ["shtt", "SHTT", "sở hữu trí tuệ"])
def test_words_of_the_staffs_list_are_found(trademark, xray, text):
    SearchSynonym.objects.update_or_create(phrase="SHTT", defaults={"meaning": "sở hữu trí tuệ"})
    portal_search.catch_up()

    assert search.search(text).ids == [trademark.pk]


@pytest.mark.usefixtures("ready")
def test_the_terms_are_the_words_that_tell_what_is_asked():
    assert search.search("tôi muốn cấp giấy phép").terms == {"cap", "giay", "phep"}
    assert search.search("thủ tục cấp căn cước là gì").terms == {"cap", "can", "cuoc"}
    assert search.search("thu hồi mã vạch").terms == {"thu", "hoi", "ma", "vach"}
    assert search.search("thủ tục gì").terms == {"thu", "tuc", "gi"}


@pytest.mark.parametrize("text", ["x-q", "giấy ph", "cap giay phep x", "1.0023", "10023", "1.002380"])
@pytest.mark.usefixtures("ready")
def test_it_suggests_while_the_last_word_is_being_typed(xray, text):
    assert search.suggest(text) == [
        search.Suggestion(xray.short_name, "1.002380", reverse("procedures:procedure-detail", args=["1.002380"]))
    ]


def test_it_suggests_at_most_as_many_as_asked_for():
    ProcedureFactory.create_batch(12, published=True)
    portal_search.catch_up()

    assert len(search.suggest("cấp giấy")) == 8
    assert len(search.suggest("cấp giấy", limit=3)) == 3


def test_results_do_not_depend_on_the_order_in_which_rows_were_written(xray):
    first, second = ProcedureFactory.create_batch(
        2, published=True, name="Kiểm định cân", short_name="Kiểm định cân", steps="Nộp cân."
    )
    portal_search.catch_up()
    second.save()
    portal_search.catch_up()
    first.save()
    portal_search.catch_up()

    assert search.search("kiểm định cân").ids == [first.pk, second.pk]
    portal_search.rebuild()
    assert search.search("kiểm định cân").ids == [first.pk, second.pk]


def test_a_search_takes_few_queries_however_many_it_finds(django_assert_max_num_queries):
    ProcedureFactory.create_batch(15, published=True)
    portal_search.catch_up()

    with django_assert_max_num_queries(2):
        assert len(search.search("cấp giấy phép hoạt động").ids) == 15


def test_documents_are_read_in_a_constant_number_of_queries(django_assert_num_queries):
    procedures = ProcedureFactory.create_batch(5, published=True)

    with django_assert_num_queries(3):
        documents = list(search.documents([procedure.pk for procedure in procedures]))

    assert len(documents) == Procedure.objects.count() == 5

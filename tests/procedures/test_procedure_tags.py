from datetime import date

import pytest

from procedures.models import FormFile, LegalBasis, LegalDocument, Procedure
from procedures.templatetags import procedure_tags as tags
from tests.factories import FeeFactory, ProcedureFactory

TODAY = date(2026, 11, 24)


def text(value):
    return str(value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("form", "label"),
    [
        (FormFile(name="Mẫu 05", url="https://example.org/a/don.docx?ma=1"), "Tải mẫu đơn (DOCX)"),
        (FormFile(name="Mẫu 05.PDF", url="https://example.org/tai?ma=1"), "Tải mẫu đơn (PDF)"),
        (FormFile(name="Mẫu số 5. Đơn đề nghị", url="https://example.org/tai"), "Tải mẫu đơn"),
        (FormFile(name="Mẫu 05", file="mau-don/khong-con.docx"), "Tải mẫu đơn (DOCX)"),
    ],
)
def test_a_form_link_tells_the_type_where_it_is_known(form, label):
    assert tags.form_label(form) == label


def test_a_form_kept_here_tells_its_size(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "don.docx").write_bytes(b"x" * 38 * 1024)

    assert text(tags.form_label(FormFile(name="Đơn", file="don.docx"))) == "Tải mẫu đơn (DOCX, 38,0 KB)"


@pytest.mark.parametrize(
    ("number", "title", "shown"),
    [
        ("18/2008/QH12", "Luật Năng lượng", '<span class="nowrap">18/2008/QH12</span>: Luật Năng lượng'),
        ("18/2008/QH12", "", '<span class="nowrap">18/2008/QH12</span>'),
        ("1/2020/NĐ-CP", "Nghị định 1/2020/NĐ-CP", 'Nghị định <span class="nowrap">1/2020/NĐ-CP</span>'),
        ("<b>", "", '<span class="nowrap">&lt;b&gt;</span>'),
    ],
)
def test_a_legal_basis_shows_its_number_once(number, title, shown):
    legal_basis = LegalBasis(document=LegalDocument(number=number, title=title))

    assert text(tags.basis(legal_basis)) == shown


def test_a_number_too_long_for_a_phone_may_break():
    legal_basis = LegalBasis(document=LegalDocument(number="Quyết định của Chủ tịch Ủy ban nhân dân tỉnh"))

    assert "nowrap" not in tags.basis(legal_basis)


def test_searched_words_are_marked_and_codes_stay_whole():
    marked = tags.marked("Thiết bị X-quang <y tế>", frozenset({"x", "quang", "te"}))

    assert text(marked) == ('Thiết bị <span class="nowrap"><mark>X-quang</mark></span> &lt;y <mark>tế</mark>&gt;')
    assert text(tags.marked("Thiết bị", None)) == "Thiết bị"


@pytest.mark.parametrize(
    ("typed", "named"),
    [({"giay", "phep"}, True), ({"phep", "rang"}, False), ({"gia"}, False), (set(), True), (None, True)],
)
def test_a_title_names_what_was_typed_by_whole_words(typed, named):
    assert tags.is_named_by(Procedure(short_name="Cấp giấy phép"), typed) is named


@pytest.mark.django_db
def test_a_passage_comes_from_any_part_of_the_record():
    procedure = ProcedureFactory(audience="Phòng khám răng", items__name="Sơ đồ mặt bằng")

    assert "<mark>răng</mark>" in tags.passage(procedure, frozenset({"phep", "rang"}))
    assert "<mark>mặt bằng</mark>" in tags.passage(procedure, frozenset({"mat", "bang"}))


@pytest.mark.django_db
def test_a_line_of_a_list_tells_the_fee_of_the_day():
    procedure = ProcedureFactory(fees=None)
    FeeFactory(procedure=procedure, amount=100_000, valid_to=date(2026, 12, 31))
    FeeFactory(procedure=procedure, amount=200_000, valid_from=date(2027, 1, 1))

    assert text(tags.fee_line(procedure, TODAY)) == "Phí <b>100.000 ₫</b>."
    assert text(tags.fee_line(procedure, date(2027, 1, 1))) == "Phí <b>200.000 ₫</b>."

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from portal import share_cards
from portal.share_cards import Card
from tests.factories import OrganisationFactory, ProcedureFactory

CARD = Card("Tin hoạt động", "Giảm thời hạn cấp giấy phép", "Sở Khoa học và Công nghệ", "Chung tay cải cách")


def opened(png):
    return Image.open(BytesIO(png)).convert("RGB")


def test_a_card_is_as_large_as_services_show_it_and_small_to_load():
    png = share_cards.draw(CARD)

    assert opened(png).size == (1200, 630)
    assert len(png) < 60_000


@pytest.mark.parametrize("letters", [1, 60, 200, 889])
def test_a_title_of_any_length_stands_whole_between_head_and_foot(letters):
    title = ("Đánh giá, xác nhận kết quả thực hiện nhiệm vụ " * 20)[:letters]

    font, lines = share_cards._fitted(title)

    assert " ".join(lines) == " ".join(title.split())
    assert len(lines) * font.size * share_cards.LINE_HEIGHT <= share_cards.BOTTOM - share_cards.TOP
    assert all(font.getlength(line) <= share_cards.WIDTH - 2 * share_cards.MARGIN for line in lines)


def test_the_letters_are_drawn_with_their_marks():
    plain, marked = (opened(share_cards.draw(Card("", title, ""))) for title in ("Ac", "Ạc"))

    assert plain.tobytes() != marked.tobytes()


def test_a_photo_stands_behind_the_words():
    photo = BytesIO()
    Image.new("RGB", (800, 450), "white").save(photo, "JPEG")
    name = default_storage.save("thu/nen.jpg", ContentFile(photo.getvalue()))

    corner = opened(share_cards.draw(Card("Tin", "Tiêu đề", "Sở", photo=name))).getpixel((5, 100))

    assert corner != opened(share_cards.draw(Card("Tin", "Tiêu đề", "Sở"))).getpixel((5, 100))


def test_a_procedure_has_a_card_that_its_page_names(client, db):
    OrganisationFactory()
    procedure = ProcedureFactory(published=True, code="1.014675")

    page = client.get(procedure.get_absolute_url()).content.decode()
    response = client.get("/thu-tuc/1.014675/anh-chia-se.png")

    assert 'property="og:image" content="http://testserver/thu-tuc/1.014675/anh-chia-se.png"' in page
    assert response.headers["Content-Type"] == "image/png"
    assert opened(response.content).size == (1200, 630)


def test_a_card_that_the_reader_has_is_not_sent_again(client, db):
    ProcedureFactory(published=True, code="1.014675")
    first = client.get("/thu-tuc/1.014675/anh-chia-se.png")

    again = client.get("/thu-tuc/1.014675/anh-chia-se.png", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert "max-age" in again["Cache-Control"]


def test_a_renamed_procedure_gets_a_new_card(client, db):
    procedure = ProcedureFactory(published=True, code="1.014675")
    first = client.get("/thu-tuc/1.014675/anh-chia-se.png")
    procedure.short_name = "Tên khác"
    procedure.save()

    again = client.get("/thu-tuc/1.014675/anh-chia-se.png", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 200


def test_a_draft_has_none(client, db):
    ProcedureFactory(code="1.014675")

    assert client.get("/thu-tuc/1.014675/anh-chia-se.png").status_code == 404


def test_a_card_whose_photo_is_lost_is_drawn_without_it():
    lost = opened(share_cards.draw(Card("Tin", "Tiêu đề", "Sở", photo="anh/mat.jpg")))

    assert lost.getpixel((5, 100)) == opened(share_cards.draw(Card("Tin", "Tiêu đề", "Sở"))).getpixel((5, 100))

"""The fixtures of this folder see what they are there to see."""

import pytest
from playwright.sync_api import expect

from portal.models import CalendarDay, Unit
from tests.factories import AdministratorFactory, UnitFactory


def test_axe_finds_a_violation(page, axe):
    page.set_content('<html lang="vi"><title>Thử</title><main><h1>Thử</h1><img src="data:,"></main></html>')

    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_asks_for_the_enhanced_contrast_of_public_pages(page, axe):
    text = '<html lang="vi"><title>Thử</title><main><h1>Thử</h1><p id="text">Chữ xám</p></main></html>'
    page.set_content(text)
    page.eval_on_selector("#text", "element => { element.style.color = '#6b6b6b' }")

    axe(page, enhanced_contrast=False)
    with pytest.raises(AssertionError, match="color-contrast-enhanced"):
        axe(page)


def test_a_page_wider_than_the_window_is_noticed(page, width, fits_its_width):
    page.set_content('<main id="wide">Rộng</main>')
    fits_its_width(page)
    page.eval_on_selector("#wide", "(element, width) => { element.style.width = width + 'px' }", width + 200)

    with pytest.raises(AssertionError, match="px wide"):
        fits_its_width(page)


@pytest.mark.parametrize("width", [1280])
def test_staff_can_be_signed_in(page, sign_in):
    sign_in(AdministratorFactory(username="quan-tri-vien"))

    page.goto("/quan-tri/password_change/")

    assert page.locator("form input[type=password]").count() == 3


@pytest.mark.parametrize("width", [1280])
@pytest.mark.parametrize(("wide", "letters"), [("380px", 16), ("15rem", 32)])
def test_a_page_too_wide_in_one_window_only_is_noticed(page, holds_in_every_window, wide, letters):
    page.set_content('<html lang="vi"><title>Thử</title><main id="wide"><h1>Thử</h1></main></html>')
    holds_in_every_window(page)
    page.eval_on_selector("#wide", "(element, wide) => { element.style.width = wide }", wide)

    with pytest.raises(AssertionError, match="320 px"):
        holds_in_every_window(page, sizes=[letters])


@pytest.mark.parametrize("width", [1280])
def test_a_violation_on_a_phone_only_is_noticed(page, holds_in_every_window):
    page.set_content(
        '<html lang="vi"><title>Thử</title><main><h1>Thử</h1><img src="data:," id="nameless"></main></html>'
    )
    hide_when_wide = "element => { const hide = () => { element.hidden = innerWidth > 400 };"
    page.eval_on_selector("#nameless", hide_when_wide + " addEventListener('resize', hide); hide() }")

    with pytest.raises(AssertionError, match="image-alt"):
        holds_in_every_window(page)


def load():
    UnitFactory(name="Đơn vị thử")


@pytest.mark.parametrize("width", [1280])
@pytest.mark.parametrize("time", [1, 2, 3])
def test_content_is_the_same_each_time(page, filled, time):
    filled(load)
    assert Unit.objects.get().name == "Đơn vị thử"

    page.goto("/lien-he/")
    expect(page.get_by_role("main")).to_contain_text("Đơn vị thử")
    Unit.objects.update(name=f"Tên khác {time}")


@pytest.mark.parametrize("width", [1280])
def test_a_test_without_content_has_what_migrations_brought(page, transactional_db):
    assert not Unit.objects.exists()
    assert CalendarDay.objects.exists()

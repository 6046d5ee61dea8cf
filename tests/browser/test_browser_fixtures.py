"""The fixtures of this folder see what they are there to see."""

import pytest

from tests.factories import AdministratorFactory


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

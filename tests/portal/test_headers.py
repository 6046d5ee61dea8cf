import gzip

import pytest

from portal.middleware import PERMISSIONS_POLICY

# Headers are the portal's, whatever database it reads.
pytestmark = pytest.mark.any_database


def _directives(policy):
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_only_the_portal_itself_may_feed_a_page(page_response):
    directives = _directives(page_response.headers["Content-Security-Policy"])
    assert directives["default-src"] == ["'self'"]
    assert directives["object-src"] == directives["base-uri"] == ["'none'"]
    assert directives["form-action"] == ["'self'"]
    assert "script-src" not in directives
    assert "style-src" not in directives
    assert "unsafe" not in str(directives)


def test_no_public_page_sets_a_cookie_or_differs_by_one(page_response):
    assert "Set-Cookie" not in page_response.headers
    assert not page_response.cookies
    assert "cookie" not in page_response.headers.get("Vary", "").lower()


def test_a_page_is_the_same_for_somebody_who_is_logged_in(addresses, client, admin_client):
    # The form of a survey has a number of its own, by which it counts once.
    for address in (address for name, address in addresses.items() if name != "survey"):
        assert admin_client.get(address).content == client.get(address).content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Permissions-Policy", PERMISSIONS_POLICY),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "SAMEORIGIN"),
    ],
)
def test_pages_ask_browsers_to_be_careful(name, value, page_response):
    assert page_response.headers[name] == value


def test_camera_and_place_are_refused_to_everybody():
    assert "camera=()" in PERMISSIONS_POLICY
    assert "geolocation=()" in PERMISSIONS_POLICY


def test_pages_are_sent_packed_to_those_who_can_unpack_them(addresses, client):
    response = client.get(addresses["home"], headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == client.get(addresses["home"]).content

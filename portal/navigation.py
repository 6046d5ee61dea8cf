"""The portal's sections, in the order of the menu; an app that opens a section adds its line here."""

from typing import NamedTuple

from django.urls import reverse


class Link(NamedTuple):
    """A step of a breadcrumb, or any other named address."""

    label: str
    url: str


class MenuItem(NamedTuple):
    label: str
    url: str
    current: str  # the value of aria-current: "page", "true" for a page inside the section, or ""


SECTIONS = [
    ("Thủ tục hành chính", "procedures:procedure-list"),
    ("Phản ánh, kiến nghị", "feedback:home"),
    ("Tin tức", "news:home"),
    ("Văn bản", "procedures:document-list"),
    ("Số liệu, báo cáo", "reports:index"),
    ("Đầu mối, liên hệ", "contact"),
]


def menu(path: str) -> list[MenuItem]:
    """Return the main menu as it stands on the page at `path`."""
    links = [Link(label, reverse(name)) for label, name in SECTIONS]
    return [MenuItem(label, url, _current(url, path)) for label, url in links]


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url) else ""

"""Reading a page as a browser does, as far as tests ask."""

from collections.abc import Iterator
from html.parser import HTMLParser

from django.http import HttpResponse

Attributes = dict[str, str | None]


class Page(HTMLParser):
    """The elements of a page in their order, and how many nodes (elements and texts) it has."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.nodes = 0
        self.text = ""
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.nodes += 1
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.nodes += 1
            self.text += data

    def all(self, tag: str, **attributes: str) -> list[Attributes]:
        """Return the attributes of each such element."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]

    def addresses(self) -> Iterator[str]:
        """Return what a browser fetches to show the page, without what style sheets ask for."""
        for tag, attributes in self.elements:
            name = "href" if tag == "link" and attributes.get("rel") not in {"canonical", "alternate"} else "src"
            if address := attributes.get(name):
                yield address

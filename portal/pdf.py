"""Pages for paper: tagged PDF drawn from our own HTML, kept until what it shows changes.

The HTML comes from a template of ours, names pictures by their addresses in public media and is drawn
without asking the network or any other file for anything.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from os import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from PIL import ImageFile

# Counted up when the drawing changes in a way that neither HTML nor CSS shows, so that no old file is kept.
VERSION = 1
DPI = 200  # of pictures; more is not seen on paper
_PICTURE = re.compile(r'src="([^"]+?)(\w+/[0-9a-f]{32}/\d+\.(?:jpg|webp))"')
_STATIC_FILE = re.compile(r"url\(\.\./((?:fonts|img)/[\w-]+\.(woff2|svg))\)")
_TYPES = {"woff2": "font/woff2", "svg": "image/svg+xml", "jpg": "image/jpeg", "webp": "image/webp"}

# Drawing takes seconds and a hundred megabytes: one at a time in each process.
_drawing = Lock()


class NotAvailable(Exception):
    """This machine lacks the libraries that draw text (Pango)."""


@dataclass(frozen=True)
class Paper:
    """A document as HTML and CSS, and the one file in which its PDF is kept."""

    name: str  # of what is kept, e.g. "ban-tin-12": a newer content takes the older one's place
    html: str
    css: str
    css_when_odd: str = ""  # added when the sheets, printed on both sides, would end with an empty side

    @classmethod
    def of(
        cls, name: str, template: str, context: Mapping[str, Any], *, stylesheet: str, css_when_odd: str = ""
    ) -> "Paper":
        """Fill in the template; `stylesheet` lies in static/css."""
        css = (settings.BASE_DIR / "static" / "css" / stylesheet).read_text(encoding="utf-8")
        return cls(name, render_to_string(template, context), css, css_when_odd)

    @property
    def path(self) -> Path:
        content = "\n".join([str(VERSION), self.html, self.css, self.css_when_odd])
        return _folder() / f"{self.name}-{sha256(content.encode()).hexdigest()[:32]}.pdf"

    @property
    def size(self) -> int | None:
        """The size of the file in bytes; nothing as long as it is not made."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return None

    def file(self) -> Path:
        """Return the file, made now unless it is there; raises NotAvailable."""
        path = self.path
        if path.exists():
            return path
        with _drawing:
            if not path.exists():
                self._make(path)
        return path

    def drawn(self) -> bytes:
        """Return the PDF and keep nothing, for what may not lie about on the disk; raises NotAvailable."""
        with _drawing:
            return draw(self.html, self.css, self.css_when_odd)

    def _make(self, path: Path) -> None:
        content = draw(self.html, self.css, self.css_when_odd)
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            part.write(content)
        # Whoever reads meanwhile sees the whole file or none.
        replace(part.name, path)
        for other in path.parent.glob(f"{self.name}-{'?' * 32}.pdf"):
            if other != path:
                other.unlink(missing_ok=True)


def draw(html: str, css: str, css_when_odd: str = "") -> bytes:
    """Return the PDF (PDF/UA-1); raises NotAvailable."""
    try:
        # It loads Pango, which a machine may lack; and only few processes need it.
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise NotAvailable from error
    # WeasyPrint lets Pillow pass over missing pixels, in the whole process; an upload has to be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    fetcher = URLFetcher(allowed_protocols={"data"})
    fonts = FontConfiguration()
    # In the cache pictures are kept for the second turn.
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "dpi": DPI, "optimize_images": True, "cache": {}}
    page = HTML(string=_with_pictures(html), url_fetcher=fetcher)

    def laid_out(*styles: str) -> Any:
        sheets = [CSS(string=_with_static_files(style), font_config=fonts, url_fetcher=fetcher) for style in styles]
        return page.render(stylesheets=sheets, font_config=fonts, **options)

    document = laid_out(css)
    if css_when_odd and len(document.pages) % 2:
        document = laid_out(css, css_when_odd)
    return document.write_pdf(**options)


def _folder() -> Path:
    return settings.DATA_DIR / "derived"


def _with_pictures(html: str) -> str:
    """Return the HTML with the pictures of public media inside; of what is not there the words alone remain."""

    def embed(match: re.Match[str]) -> str:
        address, name = match[1], match[2]
        if address != settings.MEDIA_URL or not default_storage.exists(name):
            return match[0]
        with default_storage.open(name) as file:
            return f'src="{_data_url(name, file.read())}"'

    return _PICTURE.sub(embed, html)


def _with_static_files(css: str) -> str:
    return _STATIC_FILE.sub(
        lambda match: f"url({_data_url(match[1], (settings.BASE_DIR / 'static' / match[1]).read_bytes())})", css
    )


def _data_url(name: str, content: bytes) -> str:
    return f"data:{_TYPES[name.rpartition('.')[2]]};base64,{b64encode(content).decode()}"

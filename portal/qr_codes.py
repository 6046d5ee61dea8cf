"""Addresses that a telephone reads from a screen or from paper."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Self

import qrcode


@dataclass(frozen=True)
class QrCode:
    """A drawing of squares; templates/components/qr_code.html shows it."""

    size: int  # squares along one side, the quiet zone around included
    path: str  # of the dark squares, as SVG writes it

    @classmethod
    def of(cls, text: str) -> Self:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(text)
        rows = code.get_matrix()
        dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
        return cls(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))

    @property
    def data_url(self) -> str:
        """The drawing for a document that loads nothing."""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.size} {self.size}">'
            f'<path fill="#fff" d="M0 0h{self.size}v{self.size}H0z"/><path d="{self.path}"/></svg>'
        )
        return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"

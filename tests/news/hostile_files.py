"""Files that must not get past the upload, made here so that none of them lies in the project."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

import PIL.Image
from PIL.TiffImagePlugin import IFDRational

SCRIPT = b"<html><script>alert(1)</script></html>"
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
)
GPS = 0x8825
COMMENT = b"ghi chu cua may anh"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">noi chup</x:xmpmeta>'


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", color="teal", **options) -> bytes:
    written = BytesIO()
    PIL.Image.new(mode, size, color).save(written, kind, **options)
    return written.getvalue()


def png(width: int, height: int, data: bytes) -> bytes:
    """Return a grey PNG whose header says what it likes."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", data),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def bomb() -> bytes:
    """Return a small file that would need 2.5 GB decoded: 50,000 times 50,000 points."""
    row, squeeze = bytes(50_001), zlib.compressobj(9)
    squeezed = b"".join(squeeze.compress(row * 100) for _ in range(20)) + squeeze.flush()
    return png(50_000, 50_000, squeezed)


def zipped() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("anh.jpg", picture())
    return written.getvalue()


def animated(kind: str) -> bytes:
    written = BytesIO()
    frames = [PIL.Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    frames[0].save(written, kind, save_all=True, append_images=frames[1:])
    return written.getvalue()


def with_everything_a_camera_writes(orientation: int = 6) -> bytes:
    """Return a JPEG that lies on its side, with place, comment, XMP and thumbnail."""
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "May anh thu"
    exif[GPS] = {1: "N", 2: (IFDRational(10), IFDRational(29), IFDRational(46)), 3: "E", 4: (107.0, 10.0, 3.0)}
    content = picture(size=(60, 40), exif=exif, comment=COMMENT, xmp=XMP)
    # Somebody may hide more behind the picture's end.
    return content + SCRIPT


def jpeg_of_header_only() -> bytes:
    """Return a JPEG whose header says 65,000 times 65,000 points and that has none."""
    content = bytearray(picture())
    start = content.index(b"\xff\xc0") + 5
    content[start : start + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(content)


REFUSED = {
    "trang.gif": b"GIF89a" + SCRIPT,
    "trang.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + SCRIPT,
    "trang.png": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "hinh.svg": SVG,
    "hinh-svg.jpg": SVG,
    "trang-html.jpg": SCRIPT,
    "chuong-trinh.png": b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode",
    "chuong-trinh.jpg": b"\x7fELF\x02\x01\x01" + bytes(60),
    "nen.jpg": zipped(),
    "van-ban.jpg": b"%PDF-1.7 /JavaScript",
    "bom.png": bomb(),
    "chi-co-dau.jpg": jpeg_of_header_only(),
    "chi-co-dau.png": png(100_000, 100_000, b""),
    "thieu-du-lieu.png": png(400, 400, zlib.compress(bytes(900))),
    "cut.jpg": picture(size=(600, 400))[:-400],
    "hong.webp": picture("WEBP")[:40] + bytes(40),
    "rong.jpg": b"",
    "dong.gif": animated("GIF"),
    "dong.webp": animated("WEBP"),
    "dong.png": animated("PNG"),
    "quet.tif": picture("TIFF"),
    "may-anh.heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40),
}

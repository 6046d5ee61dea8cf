"""Files that must not get past the form, made here so that none of them lies in the project."""

import base64
import zlib
from io import BytesIO
from zipfile import ZipFile

from tests.news import hostile_files as pictures

PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def pdf(*more: bytes, catalog: bytes = b"", pages: int = 1, trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """Return a PDF of empty pages with further objects, whole with its table of objects."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>", PAGES, *[PAGE] * pages, *more]
    content, places = bytearray(b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(bodies) + 1, trailer)
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(data: bytes, dictionary: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), dictionary, data)


def objects(text: bytes, pack=zlib.compress, filters: bytes = b"/FlateDecode") -> bytes:
    """Return a stream in which objects are packed."""
    packed = b"9 0 " + text
    return stream(pack(packed), b"/Type /ObjStm /N 1 /First 4 /Filter " + filters)


def zipped() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("chuong-trinh.js", "alert(1)")
    return written.getvalue()


def _hex(data: bytes) -> bytes:
    return zlib.compress(data).hex().encode() + b">"


def _base85(data: bytes) -> bytes:
    return base64.a85encode(zlib.compress(data)) + b"~>"


def _backwards(data: bytes) -> bytes:
    """Return what stands for a way of packing that is not unpacked here."""
    return data[::-1]


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
BOMB = zlib.compress(bytes(20_000_000), 9)

# With what the refusal says about each.
PDFS = {
    "ma-lenh.pdf": (pdf(catalog=b"/OpenAction " + SCRIPT), "chứa mã lệnh"),
    "ma-lenh-viet-lai.pdf": (pdf(catalog=b"/OpenAction << /S /J#61va#53cript /JS (1) >>"), "chứa mã lệnh"),
    "ma-lenh-nen.pdf": (pdf(objects(SCRIPT)), "chứa mã lệnh"),
    "ma-lenh-nen-viet-lai.pdf": (pdf(objects(b"<</S/#4aavaScript/JS(1)>>")), "chứa mã lệnh"),
    "ma-lenh-thap-luc.pdf": (pdf(objects(SCRIPT, _hex, b"[/ASCIIHexDecode /FlateDecode]")), "chứa mã lệnh"),
    "ma-lenh-85.pdf": (pdf(objects(SCRIPT, _base85, b"[/ASCII85Decode /FlateDecode]")), "chứa mã lệnh"),
    # A reader that does not ask for the type opens it all the same; so it does where the word for the end is inside.
    "ma-lenh-khong-loai.pdf": (pdf(stream(zlib.compress(b"9 0 " + SCRIPT), b"/Filter /FlateDecode")), "chứa mã lệnh"),
    "ma-lenh-sau-chu-ket.pdf": (pdf(objects(b"(endstream) " * 9 + SCRIPT, lambda data: zlib.compress(data, 0))), "mã"),
    "ma-lenh-lzw.pdf": (pdf(objects(SCRIPT, _backwards, b"/LZWDecode")), "không kiểm tra được"),
    "ma-lenh-hai-lop.pdf": (
        pdf(objects(SCRIPT, lambda data: zlib.compress(zlib.compress(data)), b"[/FlateDecode /FlateDecode]")),
        "không kiểm tra được",
    ),
    "chay-chuong-trinh.pdf": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "chứa mã lệnh"),
    "bieu-mau-gui.pdf": (pdf(b"<< /S /SubmitForm /F (http://example.org) >>"), "biểu mẫu tự gửi"),
    "bieu-mau-xfa.pdf": (pdf(catalog=b"/AcroForm << /XFA 5 0 R >>"), "biểu mẫu tự gửi"),
    "phim.pdf": (pdf(b"<< /Type /Annot /Subtype /RichMedia >>"), "chứa mã lệnh"),
    "dinh-kem.pdf": (pdf(stream(b"MZ", b"/Type /EmbeddedFile")), "đính kèm"),
    "dinh-kem-nen.pdf": (pdf(objects(b"<< /EmbeddedFiles 5 0 R >>")), "đính kèm"),
    "mat-khau.pdf": (pdf(trailer=b"/Encrypt 5 0 R"), "mật khẩu"),
    "dau-muon.pdf": (b"<!-- \n" + pdf(), ""),
    "co-trang-web.pdf": (pdf(b"(<script>alert(1)</script>)"), "mã trang web"),
    "co-zip.pdf": (pdf() + zipped(), "một tệp khác"),
    "zip-truoc.pdf": (zipped() + pdf(), ""),
    "zip-ben-trong.pdf": (pdf(stream(zipped())), "một tệp khác"),
    "co-jpg.pdf": (pdf() + pictures.picture(), "một tệp khác"),
    "khong-trang.pdf": (pdf(pages=0), "không có trang"),
    "nhieu-trang.pdf": (pdf(pages=201), "hơn 200 trang"),
    "phien-ban-la.pdf": (pdf(version=b"9.9"), "không bắt đầu"),
    "chi-co-dau.pdf": (b"%PDF-1.7 /JavaScript", "hỏng"),
    "cut.pdf": (pdf()[:-60], "hỏng"),
    "bom.pdf": (pdf(*[stream(BOMB, b"/Filter /FlateDecode")] * 11), "phình quá lớn"),
    "nhieu-luong.pdf": (pdf(b"stream\n" * 20_001), "không kiểm tra được"),
}

# What news refuses, less the kinds that are taken here.
OTHERS = {
    **pictures.REFUSED,
    "anh.webp": pictures.picture("WEBP"),
    "trang.html": pictures.SCRIPT,
    "hinh.svg": pictures.SVG,
    "hinh.pdf": pictures.SVG,
    "chuong-trinh.pdf": b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode",
    "kich-ban.pdf": b"#!/bin/sh\nrm -rf .\n",
    "luu-tru.pdf": zipped(),
    "rong.pdf": b"",
}

REFUSED = {**{name: content for name, (content, _) in PDFS.items()}, **OTHERS}

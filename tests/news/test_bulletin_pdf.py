"""The bulletin on paper: drawn once a content, tagged, with its fonts inside, and from nothing but itself."""

import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import PIL.Image
import PIL.ImageFile
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from news import bulletins
from news.bulletins import Choice, Issue
from portal import pdf, worker
from tests.factories import (
    ArticleFactory,
    BulletinFactory,
    DecisionFactory,
    ImageFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 2, tzinfo=UTC)
# Each letter with each mark, as Vietnamese stacks them.
LETTERS = "ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữự ĂÂĐÊÔƠƯ ẮẶẤẬẾỆỐỘỚỢỨỰ ýỳỷỹỵ"


@pytest.fixture(autouse=True)
def _nothing_drawn_yet(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def issue():
    OrganisationFactory(responsible="Văn phòng Sở", slogan="Chung tay cải cách thủ tục hành chính")
    image = ImageFactory(width=480, height=320, widths=[480], alt="Bàn hướng dẫn nộp hồ sơ")
    with PIL.Image.new("RGB", (480, 320), "#17406D") as picture:
        for kind, name in (("jpg", "JPEG"), ("webp", "WEBP")):
            file = ContentFile(b"")
            picture.save(file, name)
            default_storage.save(image.file(480, kind), file)
    whole = ArticleFactory(
        published=True, title=f"Bài in cả: {LETTERS}", cover=image, body=f"<h2>Kết quả</h2><p><em>{LETTERS}</em></p>"
    )
    short = ArticleFactory(published=True)
    change = ProcedureChangeFactory(decision=DecisionFactory(published=True))
    bulletin = BulletinFactory(published=True, number=11, cover=image)
    bulletins.arrange(bulletin, [Choice(article=whole, full=True), Choice(article=short), Choice(change=change)])
    return Issue.read(bulletin, AT)


def told_by(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, check=True, text=True).stdout


def test_the_pdf_is_what_an_office_prints_and_a_screen_reader_reads(issue):
    # One drawing, which takes a second or two, for all that is asked of it.
    path = issue.paper().file()

    facts = dict(re.findall(r"^([\w ]+): +(.+)$", told_by("pdfinfo", path), re.MULTILINE))
    assert facts["Title"] == "Bản tin Kiểm soát thủ tục hành chính số 11/2026"
    assert facts["Tagged"] == "yes"
    assert facts["Page size"].endswith("(A4)")
    assert int(facts["Pages"]) % 2 == 0
    assert b"/Lang (vi)" in unpacked(path)
    structure = told_by("pdfinfo", "-struct", path)
    assert {"Document", "H1", "H2", "Table", "Figure"} <= set(re.findall(r"\w+", structure))
    assert len(told_by("pdfimages", "-list", path).splitlines()) > 2
    every_font_is_inside(path)
    text = re.sub(r"\s+", "", told_by("pdftotext", path, "-"))
    assert text.count(re.sub(r"\s+", "", LETTERS)) == 3  # contents, title and body


def unpacked(path):
    """Return the objects of the PDF, which it packs in streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")


def every_font_is_inside(path):
    rows = [line.split() for line in told_by("pdffonts", path).splitlines()[2:]]
    names = {row[0].partition("+")[2].partition("-")[0] for row in rows}
    assert names == {"Tinos", "Public"}
    assert {row[-5] for row in rows} == {"yes"}, rows


def test_nothing_is_read_but_public_pictures():
    outside = ["file:///etc/hostname", "http://127.0.0.1:9/a.png"]
    images = "".join(f'<img src="{address}" alt="Ảnh">' for address in outside)
    html = f'<html lang="vi"><title>Thử</title><body>{images}</body></html>'

    path = pdf.Paper("thu", html, "@import url(file:///etc/hostname);").file()

    assert told_by("pdfimages", "-list", path).splitlines()[2:] == []


def test_drawing_leaves_the_check_of_uploads_as_strict_as_before():
    pdf.draw("<!DOCTYPE html><html lang=vi><title>x</title><p>x", "", "")

    assert not PIL.ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_picture_outside_of_the_folder_of_pictures_is_not_read():
    default_storage.save("khac/bi-mat.jpg", ContentFile(b"x"))
    html = "".join(f'<img src="{settings.MEDIA_URL}{name}" alt="">' for name in ("khac/bi-mat.jpg", "../x.sqlite3"))

    assert pdf._with_pictures(html) == html


def test_a_content_is_drawn_once_and_a_new_one_takes_its_place(issue, monkeypatch):
    drawn = []
    monkeypatch.setattr(pdf, "draw", lambda *given: drawn.append(given) or b"%PDF-")
    first = issue.paper()
    assert first.size is None

    first.file()
    issue.paper().file()
    assert len(drawn) == 1
    assert first.size == 5

    issue.bulletin.intro = "Khác."
    second = issue.paper().file()
    assert len(drawn) == 2
    assert not first.path.exists()
    assert second.exists()


def test_the_public_gets_the_file_and_not_twice(issue, client, monkeypatch):
    monkeypatch.setattr(pdf, "draw", lambda *given: b"%PDF-1.7")
    address = reverse("news:bulletin-pdf", args=[11, 2026])

    response = client.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert 'filename="ban-tin-11-2026.pdf"' in response.headers["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert client.get(address, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    page = client.get(issue.bulletin.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Tải bản in (PDF, 8 byte)" in page


def test_the_worker_makes_the_pdf_before_somebody_asks(issue, monkeypatch):
    monkeypatch.setattr(pdf, "draw", lambda *given: b"%PDF-")
    assert bulletins.make_papers in [job.run for job in worker.JOBS]

    bulletins.make_papers(AT)

    assert issue.paper().size == 5


def test_a_machine_without_pango_says_so_and_shows_the_page(issue, client, monkeypatch, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)

    response = client.get(reverse("news:bulletin-pdf", args=[11, 2026]))

    assert response.status_code == 503
    assert "Máy chủ chưa cài phần mềm tạo tệp PDF." in response.content.decode()
    assert client.get(issue.bulletin.get_absolute_url()).status_code == 200
    bulletins.make_papers(AT)

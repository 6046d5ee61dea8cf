"""What is uploaded is a picture and nothing else, in sizes that fit the reader's screen."""

import re
import shutil
import tracemalloc
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import PIL.Image
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.db import transaction
from django.template import Context, Template
from django.utils.html import format_html
from PIL import ImageCms

from news import pictures
from news.models import Image
from news.picture_files import MOST_BYTES, THUMBNAIL_BYTES, shown_name
from tests.factories import UserFactory
from tests.news import hostile_files

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    shutil.rmtree(storages["originals"].path("anh"), ignore_errors=True)


def upload(content: bytes, name: str = "anh.jpg") -> ContentFile:
    return ContentFile(content, name=name)


def store(content: bytes = hostile_files.picture(), name: str = "anh.jpg", **values) -> Image:
    return pictures.store(upload(content, name), by=None, at=AT, **values)


def opened(image: Image, width: int, kind: str) -> PIL.Image.Image:
    return PIL.Image.open(BytesIO(content_of(image, width, kind)))


def content_of(image: Image, width: int, kind: str) -> bytes:
    with default_storage.open(image.file(width, kind)) as file:
        return file.read()


def original(image: Image) -> bytes:
    with image.original.open("rb") as file:
        return file.read()


def files_in(storage) -> list[str]:
    try:
        folders, files = storage.listdir("anh")
    except FileNotFoundError:
        return []
    return [*files, *(f"{folder}/{file}" for folder in folders for file in storage.listdir(f"anh/{folder}")[1])]


# What is refused.


@pytest.mark.parametrize("name", hostile_files.REFUSED)
def test_a_hostile_or_broken_file_is_refused_in_words_and_leaves_nothing(name):
    with pytest.raises(ValidationError) as refused:
        store(hostile_files.REFUSED[name], name)

    [sentence] = refused.value.messages
    assert f"“{name}”" in sentence
    assert sentence.endswith(".")
    assert not Image.objects.exists()
    assert files_in(default_storage) == files_in(storages["originals"]) == []


@pytest.mark.parametrize("name", ["bom.png", "chi-co-dau.jpg", "chi-co-dau.png"])
def test_a_bomb_is_refused_before_a_pixel_is_decoded(name):
    tracemalloc.start()
    with pytest.raises(ValidationError, match="quá nhiều điểm ảnh"):
        pictures.check(upload(hostile_files.REFUSED[name], name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("dong.gif", "là ảnh GIF; lưu ảnh thành JPG hoặc PNG rồi chọn lại."),
        ("may-anh.heic", "là ảnh HEIC; lưu ảnh thành JPG hoặc PNG rồi chọn lại."),
        ("dong.webp", "là ảnh động; lưu một khung hình thành JPG hoặc PNG rồi chọn lại."),
        ("hinh.svg", "không phải ảnh JPG, PNG hoặc WEBP; chọn ảnh khác."),
        ("cut.jpg", "mở ảnh, lưu lại thành JPG hoặc PNG rồi chọn lại."),
    ],
)
def test_the_refusal_says_what_to_do(name, advice):
    with pytest.raises(ValidationError) as refused:
        pictures.check(upload(hostile_files.REFUSED[name], name))

    assert refused.value.messages[0].endswith(advice)


def test_more_than_15_megabytes_are_refused_unread():
    file = upload(b"", "a.jpg")
    file.size = MOST_BYTES + 1

    with pytest.raises(ValidationError, match=re.escape("Tệp “a.jpg” lớn hơn 15 MB")):
        pictures.check(file)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\anh\\a.jpg", "a.jpg"),
        ("a\0b\n.jpg", "ab.jpg"),
        ("<img src=x onerror=alert(1)>.jpg", "img src=x onerror=alert(1).jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        (f"{'a' * 300}.jpg", f"{'a' * 45}…{'a' * 8}.jpg"),
    ],
)
def test_a_file_name_is_shown_harmless_and_never_used(given, shown):
    file = upload(hostile_files.picture())
    file.name = given

    assert shown_name(file) == shown
    image = pictures.store(file, by=None, at=AT)
    assert re.fullmatch(r"anh/[0-9a-f]{32}\.jpg", image.original.name)
    assert re.fullmatch(r"[0-9a-f]{32}", image.name)


# What is accepted.


def test_everything_a_camera_writes_is_gone_and_the_picture_stands_upright():
    content = hostile_files.with_everything_a_camera_writes()
    hidden = [b"Exif", hostile_files.COMMENT, b"xmpmeta", b"May anh thu", hostile_files.SCRIPT]
    assert all(part in content for part in hidden)

    image = store(content)

    assert (image.width, image.height) == (40, 60)
    kept = [original(image)]
    kept += [content_of(image, 40, kind) for kind in pictures.KINDS]
    assert not [part for one in kept for part in hidden if part in one]
    assert not PIL.Image.open(BytesIO(kept[0])).getexif()


def test_a_broken_note_of_the_camera_does_not_break_the_picture():
    cut, nonsense = (
        hostile_files.picture(exif=b"Exif\0\0" + rest) for rest in (b"II*\0\xff\xff\xff\xff", b"\xff" * 40)
    )

    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        assert store(cut).width == 60
    assert store(nonsense).width == 60


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (hostile_files.picture("PNG", mode="P", color=3), "bang-mau.png"),
        (hostile_files.picture("PNG", mode="1", color=1), "den-trang.png"),
        (hostile_files.picture("PNG", mode="LA", color=(9, 0)), "xam.png"),
        (hostile_files.picture(mode="CMYK", color=(0, 0, 0, 0)), "in.jpg"),
        (hostile_files.picture(mode="L", color=9), "xam.jpg"),
        (hostile_files.picture("WEBP", lossless=True), "web.webp"),
        (hostile_files.picture(), "khong-co-duoi"),
        (hostile_files.picture("PNG"), "khac-duoi.jpg"),
    ],
)
def test_every_kind_of_colour_is_read_and_a_name_decides_nothing(content, name):
    image = store(content, name)

    assert {opened(image, 480, kind).mode for kind in pictures.KINDS} == {"RGB"}


def test_transparency_is_white_as_the_page():
    image = store(hostile_files.picture("PNG", mode="RGBA", color=(200, 0, 0, 0)), "a.png")

    assert opened(image, 480, "jpg").getpixel((5, 5)) == (255, 255, 255)
    assert image.original.name.endswith(".png")


def test_sixteen_bits_of_grey_keep_their_shade():
    image = store(hostile_files.picture("PNG", mode="I;16", color=40_000), "a.png")

    red, green, blue = opened(image, 480, "jpg").getpixel((5, 5))
    assert 150 <= red == green == blue <= 162


def test_colours_of_another_profile_become_those_of_browsers():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    image = store(hostile_files.picture(icc_profile=profile))
    broken = store(hostile_files.picture(icc_profile=b"khong phai ho so mau"))

    assert b"ICC_PROFILE" not in original(image) + original(broken)


def test_two_frames_of_a_phone_are_one_picture():
    written = BytesIO()
    frame = PIL.Image.new("RGB", (60, 40), "teal")
    frame.save(written, "MPO", save_all=True, append_images=[frame])

    image = store(written.getvalue())

    assert PIL.Image.open(BytesIO(original(image))).format == "JPEG"


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((4032, 3024), [480, 800, 1280]),
        ((1000, 700), [480, 800, 1000]),
        ((480, 320), [480]),
        ((300, 200), [300]),
        ((12_000, 2000), [480, 800, 1280, 2560]),
        ((2000, 12_000), [480, 640]),
        ((1, 1), [1]),
        ((1, 50_000), [1]),
    ],
)
def test_no_size_is_larger_than_the_picture_and_extremes_have_sizes_of_their_own(size, widths):
    assert pictures.widths_of(*size) == widths


def test_a_panorama_of_12000_pixels_is_made_in_every_size():
    image = store(hostile_files.picture(size=(12_000, 2000)))

    assert image.sizes == [(480, 80), (800, 133), (1280, 213), (2560, 427)]
    assert all(opened(image, *[width, "webp"]).size == (width, height) for width, height in image.sizes)


def test_a_picture_of_48_million_pixels_is_kept_at_half_its_width():
    image = store(hostile_files.picture(size=(8064, 6048), quality=30))

    assert (image.width, image.height) == (4032, 3024)


def test_a_thumbnail_of_many_details_stays_light():
    written = BytesIO()
    noise = PIL.Image.effect_noise((700, 500), 24)
    noise.save(written, "JPEG", quality=95)

    image = store(written.getvalue())

    assert default_storage.size(image.file(480)) <= THUMBNAIL_BYTES


def test_an_address_is_that_of_the_smallest_size_that_is_large_enough():
    image = store(hostile_files.picture(size=(1000, 700)))

    found = [image.url(width).rpartition("/")[2] for width in (96, 480, 481, 800, 1280)]
    assert found == ["480.jpg", "480.jpg", "800.jpg", "800.jpg", "1000.jpg"]
    assert image.url(480, "webp").startswith("/media/anh/")


# Files and rows.


def test_files_are_gone_when_the_row_cannot_be_stored(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Image, "save", fail)

    with pytest.raises(RuntimeError):
        store()

    assert files_in(default_storage) == files_in(storages["originals"]) == []


def test_files_go_with_their_row_and_only_when_it_is_gone_for_good(django_capture_on_commit_callbacks):
    image = store()
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert files_in(default_storage) == files_in(storages["originals"]) == []


def test_files_stay_when_the_deletion_is_taken_back(django_capture_on_commit_callbacks):
    image = store()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        image.delete()
        transaction.set_rollback(True)

    assert len(files_in(default_storage)) == 2
    assert len(files_in(storages["originals"])) == 1


def test_what_no_row_names_is_swept_away_after_a_day():
    kept, left = store(), store()
    Image.objects.filter(pk=left.pk)._raw_delete(using="default")
    now = datetime.now(UTC)

    assert pictures.sweep(now) == 0
    assert pictures.sweep(now + timedelta(days=2)) == 1
    assert files_in(storages["originals"]) == [kept.original.name.removeprefix("anh/")]
    assert (
        files_in(default_storage) == sorted([f"{kept.name}/60.jpg", f"{kept.name}/60.webp"])
        or len(files_in(default_storage)) == 2
    )


def test_sizes_can_be_thrown_away_and_made_again(monkeypatch):
    image = store(hostile_files.picture(size=(900, 600)))
    default_storage.delete(image.file(480, "webp"))
    said = StringIO()

    call_command("make_picture_sizes", "--missing", stdout=said)
    call_command("make_picture_sizes", "--missing", stdout=said)

    assert re.findall(r"làm lại (\d+) ảnh", said.getvalue()) == ["1", "0"]
    assert opened(image, 480, "webp").size == (480, 320)


def test_a_lost_original_does_not_keep_the_others_from_being_made():
    lost, kept = store(), store()
    storages["originals"].delete(lost.original.name)
    said, complaints = StringIO(), StringIO()

    call_command("make_picture_sizes", stdout=said, stderr=complaints)

    assert said.getvalue().startswith("Đã làm lại 1 ảnh, 1 ảnh chưa làm được")
    assert complaints.getvalue().startswith(f"{lost.pk}:")
    assert pictures.has_all_sizes(kept)


# Showing.


def test_the_tag_shows_all_sizes_with_measures_and_description():
    image = store(hostile_files.picture(size=(900, 600)), alt='Bảng "Một cửa" <b>')
    template = Template('{% load pictures %}{% picture image sizes="50vw" lazy=True class="cover" %}')

    html = template.render(Context({"image": image}))

    folder = f"/media/anh/{image.name}"
    assert f'<source type="image/webp" srcset="{folder}/480.webp 480w, {folder}/800.webp 800w' in html
    assert f'src="{folder}/800.jpg"' in html
    assert 'sizes="50vw" width="900" height="600" alt="Bảng &quot;Một cửa&quot; &lt;b&gt;"' in html
    assert 'class="cover" loading="lazy"' in html


def test_a_decorative_picture_is_shown_without_words():
    image = store(alt="Hoa văn", decorative=True)

    assert 'alt=""' in pictures.show(image)


def body(*images: Image, alt: str = "") -> str:
    return "".join(f'<p class="align-center"><img src="{image.url(800)}" alt="{alt}"></p>' for image in images)


def test_a_body_gets_all_sizes_in_one_query_and_only_the_first_at_once(django_assert_num_queries):
    images = [store(alt=f"Ảnh số {number}") for number in range(3)]

    with django_assert_num_queries(1):
        html = pictures.responsive(body(*images))

    assert html.count("<picture>") == 3
    assert html.count('loading="lazy"') == 2
    assert html.index('alt="Ảnh số 0"') < html.index("lazy")
    assert pictures.responsive(body(*images), eager=False).count('loading="lazy"') == 3


def test_a_body_without_pictures_asks_for_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert pictures.responsive("<p>Không có ảnh.</p>") == "<p>Không có ảnh.</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<p><img src="https://example.org/anh.jpg" alt="a"></p>',
        f'<p><img src="/media/anh/{"0" * 32}/800.jpg" alt="ảnh đã xóa"></p>',
        '<p><img src="/media/bieu-mau/a.jpg" alt=""></p>',
        '<p title="<img src=x>">&lt;img src="a"&gt;</p>',
        "<p><img</p>",
    ],
)
def test_everything_else_in_a_body_stays_as_it_is(html):
    store()

    assert pictures.responsive(html) == html


def test_what_is_typed_at_the_place_wins_over_what_is_stored():
    image = store(hostile_files.picture(size=(900, 600)), alt="Cả phòng")
    html = f'<p>Xem <img alt="Bảng &amp; quầy" class="align-left" height="200" src="{image.url(800)}" width="300">.</p>'

    shown = pictures.responsive(html)

    assert 'width="300" height="200" alt="Bảng &amp; quầy" class="align-left"' in shown
    assert 'sizes="(max-width: 300px) 100vw, 300px"' in shown
    assert shown.startswith("<p>Xem <picture>")


def test_measures_that_would_distort_are_not_kept():
    image = store(hostile_files.picture(size=(900, 600)))

    shown = pictures.responsive(f'<p><img alt="a" height="900" src="{image.url(800)}" width="300"></p>')

    assert 'width="900" height="600"' in shown


def test_the_stored_legend_stands_where_the_body_has_none():
    image = store(caption="Quầy số <1>.", credit="Trung tâm")
    own = f'<figure class="image"><img src="{image.url(800)}" alt=""><figcaption>Của bài</figcaption></figure>'

    html = pictures.responsive(body(image))

    assert html.startswith('<figure class="align-center"><picture>')
    assert html.endswith("<figcaption>Quầy số &lt;1&gt;. Ảnh: Trung tâm</figcaption></figure>")
    assert pictures.responsive(own).count("figcaption") == 2


def test_the_filter_is_safe_only_for_what_is_safe_already():
    image = store(alt="Quầy")
    template = Template("{% load pictures %}{{ html|responsive }}")

    assert "&lt;picture&gt;" in template.render(Context({"html": body(image)}))
    assert "<picture>" in template.render(Context({"html": format_html('<img src="{}">', image.url(800))}))


def test_pictures_without_description_are_named_once(django_assert_num_queries):
    bare, described, decorative = store(), store(alt="Quầy"), store(decorative=True)
    gone = f"/media/anh/{'0' * 32}/800.jpg"
    html = body(bare, described, decorative, bare) + f'<p><img src="{gone}" alt=""></p>'

    with django_assert_num_queries(1):
        assert pictures.missing_alt(html) == [bare, gone]
    assert pictures.missing_alt(body(bare, alt="Bảng chỉ dẫn")) == []
    assert pictures.inline_images(html) == [bare, described, decorative]


def test_the_uploader_and_the_moment_are_kept():
    person = UserFactory()

    image = pictures.store(upload(hostile_files.picture()), by=person, at=AT, alt="Quầy")

    assert (image.uploaded_by, image.uploaded_at) == (person, AT)

"""What an uploaded picture must be, how it is decoded, and how its files are encoded."""

from contextlib import suppress
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

import filetype
import PIL.Image
from django.core.exceptions import ValidationError
from PIL import ImageCms, ImageOps

from portal.text import nfc

MEGABYTE = 1024 * 1024
MOST_BYTES = 15 * MEGABYTE
# By what decoding takes: at most some 360 MB for a moment. Cameras of phones make up to 65 million pixels;
# above the limit for others these are halved while they are decoded, progressive ones (which their decoder
# would hold whole) excepted. The decoder of WEBP holds a picture three times.
MOST_PIXELS = {"JPEG": 65_000_000, "MPO": 65_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
MOST_PIXELS_WHOLE = 25_000_000

READABLE = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "apng": ("PNG",), "webp": ("WEBP",)}
ACCEPT = "image/jpeg,image/png,image/webp"  # for the file input
_NAMED_KINDS = {"gif": "GIF", "heic": "HEIC", "avif": "AVIF", "tif": "TIFF", "bmp": "BMP", "psd": "PSD"}

# Equally good on photos, where WEBP then needs a third less.
_OPTIONS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "jpg": ("JPEG", 76, {"optimize": True, "progressive": True}),
    "webp": ("WEBP", 68, {"method": 4}),
}
# Lists show many pictures at once: those of many details lose some quality before they get heavier.
THUMBNAIL_WIDTH, THUMBNAIL_BYTES = 480, 40 * 1024
_LESS_QUALITY = (0, 10, 20)
_ORIGINAL_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": ("JPEG", {"quality": 92, "subsampling": 0}),
    "png": ("PNG", {}),
}


def check(file: Any) -> PIL.Image.Image:
    """Return the picture decoded, upright, opaque and in sRGB; raise ValidationError where it cannot be used.

    `file` has a name and a size, as an uploaded file or a ContentFile has. What the camera wrote beside
    the pixels (place, time, thumbnail) is gone.
    """
    name = shown_name(file)
    if not file.size:
        raise ValidationError(f"Tệp “{name}” trống; chọn tệp khác.", code="empty")
    if file.size > MOST_BYTES:
        raise ValidationError(
            f"Tệp “{name}” lớn hơn {MOST_BYTES // MEGABYTE} MB; thu nhỏ ảnh rồi chọn lại.", code="size"
        )
    return decode(file, name)


def decode(file: IO[bytes], name: str) -> PIL.Image.Image:
    """Return the picture like `check`, however many bytes the file has."""
    picture = _open(file, name)
    _refuse_too_many_pixels(picture, name)
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise ValidationError(
            f"Tệp “{name}” là ảnh động; lưu một khung hình thành JPG hoặc PNG rồi chọn lại.", code="kind"
        )
    try:
        if picture.width * picture.height > MOST_PIXELS_WHOLE:
            picture.draft(None, (picture.width // 2, picture.height // 2))
        picture.load()
        kind = "png" if picture.format == "PNG" else "jpg"
        found = _opaque(_in_srgb(_in_eight_bits(_upright(picture))))
    except Exception as error:  # Decoders of broken files raise whatever they stumble over.
        raise _broken(name) from error
    # Some encoders would write comments and profiles from here into the new file.
    found.info = {}
    found.format = kind
    return found


def shown_name(file: Any) -> str:
    """Return the file's name as a message may show it anywhere; it is never used for anything else."""
    name = PurePath(nfc(str(file.name or "")).replace("\\", "/")).name
    letters = "".join(letter for letter in name if letter.isprintable() and letter not in "<>&\"'`")
    return letters if len(letters) <= 60 else f"{letters[:45]}…{letters[-12:]}"


def encode(picture: PIL.Image.Image, kind: str) -> bytes:
    """Return the file of one size: kind "jpg" or "webp"."""
    format_name, quality, options = _OPTIONS[kind]
    written = b""
    for less in _LESS_QUALITY:
        written = _encode(picture, format_name, {**options, "quality": quality - less})
        if picture.width > THUMBNAIL_WIDTH or len(written) <= THUMBNAIL_BYTES:
            break
    return written


def encode_original(picture: PIL.Image.Image) -> tuple[str, bytes]:
    """Return the kind and the content of the file that is kept apart: PNG stays without loss."""
    kind = picture.format or "jpg"
    return kind, _encode(picture, *_ORIGINAL_OPTIONS[kind])


def _encode(picture: PIL.Image.Image, format_name: str, options: dict[str, Any]) -> bytes:
    written = BytesIO()
    picture.save(written, format_name, **options)
    return written.getvalue()


def _open(file: IO[bytes], name: str) -> PIL.Image.Image:
    """Read the header only; no pixel is decoded yet."""
    file.seek(0)
    guessed = filetype.guess(file.read(8192))
    extension = guessed.extension if guessed else ""
    if extension in _NAMED_KINDS:
        raise ValidationError(
            f"Tệp “{name}” là ảnh {_NAMED_KINDS[extension]}; lưu ảnh thành JPG hoặc PNG rồi chọn lại.", code="kind"
        )
    if extension not in READABLE:
        raise ValidationError(f"Tệp “{name}” không phải ảnh JPG, PNG hoặc WEBP; chọn ảnh khác.", code="kind")
    file.seek(0)
    try:
        return PIL.Image.open(file, formats=READABLE[extension])
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise _too_large(name, MOST_PIXELS_WHOLE) from error
    except Exception as error:
        raise _broken(name) from error


def _refuse_too_many_pixels(picture: PIL.Image.Image, name: str) -> None:
    most = MOST_PIXELS[picture.format or "PNG"]
    if picture.info.get("progressive"):
        most = MOST_PIXELS_WHOLE
    if picture.width * picture.height > most:
        raise _too_large(name, most)


def _too_large(name: str, most: int) -> ValidationError:
    return ValidationError(
        f"Ảnh “{name}” có quá nhiều điểm ảnh; thu nhỏ còn nhiều nhất {most // 1_000_000} triệu điểm ảnh rồi chọn lại.",
        code="pixels",
    )


def _broken(name: str) -> ValidationError:
    return ValidationError(
        f"Không đọc được ảnh “{name}” vì tệp hỏng hoặc thiếu dữ liệu; mở ảnh, lưu lại thành JPG hoặc PNG rồi chọn lại.",
        code="broken",
    )


def _upright(picture: PIL.Image.Image) -> PIL.Image.Image:
    # A broken note of the camera does not make a broken picture.
    with suppress(Exception):
        ImageOps.exif_transpose(picture, in_place=True)
    return picture


def _in_eight_bits(picture: PIL.Image.Image) -> PIL.Image.Image:
    if not picture.mode.startswith("I"):
        return picture
    # Converting alone would cut every value above 255 to white.
    grey = picture.point(lambda value: value * (1 / 256)).convert("L")
    grey.info.pop("transparency", None)
    return grey


def _in_srgb(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Return the colours as browsers expect them; a profile that cannot be used is dropped."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK", "L"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB", inPlace=picture.mode == "RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _opaque(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Return the picture without transparency, on white like the pages it stands on."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    shaded = picture.convert("RGBA")
    white = PIL.Image.new("RGB", picture.size, "white")
    white.paste(shaded, mask=shaded)
    return white

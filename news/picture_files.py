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
# Decoded, a pixel is three or four bytes, and turning it upright needs them twice.
MOST_PIXELS = 25_000_000
# What the cameras of phones take at most. Above the limit for others they are halved while they are
# decoded, which keeps the memory the same; only progressive files would be held whole.
MOST_PIXELS_OF_CAMERA = 65_000_000

READABLE = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "apng": ("PNG",), "webp": ("WEBP",)}
ACCEPT = "image/jpeg,image/png,image/webp"  # for the file input
_NAMED_KINDS = {"gif": "GIF", "heic": "HEIC", "avif": "AVIF", "tif": "TIFF", "bmp": "BMP", "psd": "PSD"}

# Measured on photos: below, letters in photographed papers blur; above, nobody sees a difference.
_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": ("JPEG", {"quality": 76, "optimize": True, "progressive": True}),
    "webp": ("WEBP", {"quality": 74, "method": 4}),
}
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
        if picture.width * picture.height > MOST_PIXELS:
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
    return _encode(picture, *_OPTIONS[kind])


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
        raise _too_large(name, MOST_PIXELS) from error
    except Exception as error:
        raise _broken(name) from error


def _refuse_too_many_pixels(picture: PIL.Image.Image, name: str) -> None:
    halved = picture.format in {"JPEG", "MPO"} and not picture.info.get("progressive")
    most = MOST_PIXELS_OF_CAMERA if halved else MOST_PIXELS
    if picture.width * picture.height > most:
        raise _too_large(name, most)


def _too_large(name: str, most: int) -> ValidationError:
    return ValidationError(
        f"Ảnh “{name}” có quá nhiều điểm ảnh; thu nhỏ còn nhiều nhất {most // 1_000_000} triệu điểm ảnh "
        "(ví dụ 5000 × 5000) rồi chọn lại.",
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

"""A picture that came from outside, made harmless: known by its bytes, decoded, drawn anew without anything but pixels."""

import warnings
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from privacy_center.errors import Refusal
from privacy_center.people.evidence.watermark import burn_in
from privacy_center.when_needed import when_needed

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

PIL, Image, ImageOps = when_needed("PIL"), when_needed("PIL.Image"), when_needed("PIL.ImageOps")

MOST_PIXELS = 30_000_000
"""A 24-megapixel photograph passes. What is larger is refused by its header, before anything is decoded."""
LONGEST_EDGE = 2_400
SMALLEST_EDGE = 200
QUALITY = 85
FLAT = 12
"""A picture whose brightest and darkest points are no further apart (of 255) shows nothing."""
SIGNS = {
    "JPEG": lambda data: data[:3] == b"\xff\xd8\xff",
    "PNG": lambda data: data[:8] == b"\x89PNG\r\n\x1a\n",
    "WEBP": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
}


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A JPEG of our own making, with its width and height in pixels."""

    data: bytes
    width: int
    height: int


def clean_picture(data: bytes, *, largest: int, watermark_on: date | None = None) -> CleanPicture:
    """The same picture as a new JPEG of at most 2,400 pixels a side: no EXIF, place, comment, profile or second frame.

    `largest` is the limit in bytes; `watermark_on`, a local date, is burnt in with the words that it is for verification
    only. Refuses (422) what is no JPEG, PNG or WebP by its bytes (a PDF is told what to do), what is too large in bytes or
    pixels, what cannot be decoded whole, and a picture that is too small or shows nothing.
    """
    if len(data) > largest:
        megabytes = largest // (1024 * 1024)
        raise _refusal(
            f"图片超过 {megabytes} MB。请缩小或重新拍一张再上传。",
            f"The picture is larger than {megabytes} MB. Make it smaller or take another one.",
        )
    drawn = _draw(data, _format_of(data))
    if watermark_on is not None:
        drawn = burn_in(drawn, watermark_on)
    out = BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return CleanPicture(out.getvalue(), *drawn.size)


def _format_of(data: bytes) -> str:
    """What the bytes are, whatever name or type came with them."""
    for name, fits in SIGNS.items():
        if fits(data):
            return name
    if b"%PDF-" in data[:1024]:
        raise _refusal(
            "不收 PDF：它可能夹带程序。请拍照，或把那一页存成图片（JPG、PNG）再上传。",
            "PDF files are not taken, because they can carry programs. Take a photo, or save the page as a JPG or PNG.",
        )
    raise _refusal(
        "这个文件不是 JPG、PNG 或 WebP 图片。请换成图片再上传。",
        "This file is no JPG, PNG or WebP picture. Upload a picture instead.",
    )


def _draw(data: bytes, kind: str) -> "Picture":
    """The pixels of the first frame, upright, on white, on a canvas that never knew the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=[kind]) as opened:
                _check_size(*opened.size)
                opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
                flat = _on_white(upright)
    except (PIL.UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as trouble:
        raise _broken() from trouble
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as trouble:
        raise _broken() from trouble
    darkest, brightest = flat.convert("L").getextrema()
    if brightest - darkest <= FLAT:
        raise _refusal(
            "这张图片上什么也看不清。请在亮处重新拍一张。",
            "Nothing can be seen on this picture. Take another one where there is more light.",
        )
    return Image.frombytes("RGB", flat.size, flat.tobytes())


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        millions = MOST_PIXELS // 1_000_000
        raise _refusal(
            f"图片超过 {millions * 100} 万像素。请缩小或重新拍一张再上传。",
            f"The picture has more than {millions} million pixels. Make it smaller or take another one.",
        )
    if min(width, height) < SMALLEST_EDGE:
        raise _refusal(
            f"图片太小，看不清字。请上传短边至少 {SMALLEST_EDGE} 像素的图片。",
            f"The picture is too small to read. Its shorter side needs {SMALLEST_EDGE} pixels at least.",
        )


def _on_white(picture: "Picture") -> "Picture":
    if picture.mode == "P" or picture.has_transparency_data:
        over = picture.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(white, over).convert("RGB")
    return picture.convert("RGB")


def _broken() -> Refusal:
    return _refusal(
        "这张图片打不开，可能没有传完整。请重新选一次，或换一张。",
        "This picture cannot be opened; it may not have come through whole. Choose it again, or take another.",
    )


def _refusal(zh: str, en: str) -> Refusal:
    return Refusal(zh, en, status=422, field="evidence")

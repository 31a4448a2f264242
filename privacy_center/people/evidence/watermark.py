"""Words burnt into a picture, so that a copy of it is of no use for anything else."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_center.when_needed import when_needed

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as PlainFont

Image, ImageDraw, ImageFont = when_needed("PIL.Image"), when_needed("PIL.ImageDraw"), when_needed("PIL.ImageFont")

FONTS = (  # where Debian, Fedora, Alpine, macOS and Windows keep a font with Chinese signs
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
ANGLE = 28
INK, EDGE = (150, 30, 30, 140), (255, 255, 255, 110)


def watermark_words(on: date) -> str:
    """What is burnt in: Chinese where this machine has a font for it, else English."""
    zh, en = f"仅用于核验 {on.isoformat()}", f"FOR VERIFICATION ONLY {on.isoformat()}"
    return zh if _chinese_font() else en


def burn_in(picture: "Picture", on: date) -> "Picture":
    """The picture with the words and the day (local date) across it, slanted, several times over."""
    words, size = watermark_words(on), max(18, min(picture.size) // 14)
    font = _font(size)
    side = int((picture.width**2 + picture.height**2) ** 0.5) + 2 * size
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    step = int(pen.textlength(words, font=font)) + 3 * size
    for row, y in enumerate(range(0, side, 5 * size)):
        for x in range(-(row % 2) * step // 2, side, step):
            pen.text((x, y), words, font=font, fill=INK, stroke_width=max(1, size // 20), stroke_fill=EDGE)
    layer = layer.rotate(ANGLE)
    left, top = (side - picture.width) // 2, (side - picture.height) // 2
    layer = layer.crop((left, top, left + picture.width, top + picture.height))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _font(size: int) -> "FreeTypeFont | PlainFont":
    found = _chinese_font()
    return ImageFont.truetype(found, size) if found else ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _chinese_font() -> str | None:
    return next((path for path in FONTS if Path(path).exists()), None)

import struct
import uuid
import zlib
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from privacy_center.errors import Refusal
from privacy_center.people.evidence.keep import (
    LONGEST_KEPT,
    count_overdue,
    destroy_evidence,
    destroy_old_evidence,
    evidence_of,
    grant_look,
    keep_evidence,
    open_once,
)
from privacy_center.people.evidence.picture import clean_picture

LIMIT = 8 * 1024 * 1024


def draw(size=(900, 600), mode="RGB") -> Image.Image:
    picture = Image.new(mode, size, "white")
    ImageDraw.Draw(picture).rectangle((60, 60, size[0] - 80, max(61, size[1] - 200)), fill="navy")
    return picture


def as_bytes(picture: Image.Image, kind: str, **more) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def said(data: bytes, **more) -> str:
    with pytest.raises(Refusal) as refused:
        clean_picture(data, **{"largest": LIMIT, **more})
    assert refused.value.status == 422 and refused.value.field == "evidence"
    return refused.value.words.en


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_out_as_a_jpeg_of_our_own(kind):
    clean = clean_picture(as_bytes(draw(), kind), largest=LIMIT)
    assert clean.data[:3] == b"\xff\xd8\xff" and (clean.width, clean.height) == (900, 600)


def test_nothing_but_pixels_is_left_of_a_file():
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 7.0)
    data = as_bytes(draw(), "JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE")
    data += b"SECRET-TAIL<?php"
    assert data.count(b"SECRET") == 4
    clean = clean_picture(data, largest=LIMIT)
    with Image.open(BytesIO(clean.data)) as opened:
        assert not opened.getexif() and not {"exif", "icc_profile", "comment"} & set(opened.info)
    assert b"SECRET" not in clean.data


def test_a_picture_that_lies_on_its_side_is_set_upright_before_the_note_of_it_goes():
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = clean_picture(as_bytes(draw(), "JPEG", exif=exif), largest=LIMIT)
    assert (clean.width, clean.height) == (600, 900)


def test_a_large_photograph_is_made_smaller_and_a_see_through_one_gets_a_white_ground():
    clean = clean_picture(as_bytes(draw((4800, 3200)), "JPEG"), largest=LIMIT)
    assert (clean.width, clean.height) == (2400, 1600)
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(clear).ellipse((50, 50, 200, 200), fill="black")
    with Image.open(BytesIO(clean_picture(as_bytes(clear, "PNG"), largest=LIMIT).data)) as opened:
        assert min(opened.getpixel((390, 390))) > 245


def test_the_name_of_a_file_means_nothing_and_its_bytes_say_what_it_is():
    assert "no JPG, PNG or WebP" in said(b"GIF89a" + bytes(400))
    assert "no JPG, PNG or WebP" in said(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    assert "no JPG, PNG or WebP" in said(b"")
    assert "PDF files are not taken" in said(b"%PDF-1.7 /OpenAction /JavaScript")


def test_a_picture_that_is_cut_off_or_only_begins_like_one_is_refused():
    assert "cannot be opened" in said(as_bytes(draw(), "JPEG")[:3000])
    assert "cannot be opened" in said(b"\xff\xd8\xff" + b"<html>" * 90)
    assert "cannot be opened" in said(b"\x89PNG\r\n\x1a\n" + bytes(200))


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_bomb_of_pixels_is_refused_by_its_header():
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    bomb = (
        b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + png_chunk(b"IEND", b"")
    )
    assert len(bomb) < 20_000
    words = said(bomb)
    assert "pixels" in words or "cannot be opened" in words
    assert "million pixels" in said(as_bytes(Image.new("1", (7000, 5000)), "PNG"))


def test_a_bomb_of_text_in_a_picture_does_not_go_off():
    picture = as_bytes(draw(), "PNG")
    text = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))
    end = picture.rindex(b"IDAT") - 4
    said(picture[:end] + text + picture[end:])


def test_what_is_too_large_too_small_or_shows_nothing_is_refused_in_words():
    assert "larger than 8 MB" in said(b"\xff\xd8\xff" + bytes(LIMIT))
    assert "too small" in said(as_bytes(draw((300, 120)), "PNG"))
    assert "Nothing can be seen" in said(as_bytes(Image.new("RGB", (800, 600), "grey"), "JPEG"))


def test_the_day_and_the_purpose_are_burnt_in_when_asked_for():
    data = as_bytes(draw(), "PNG")
    plain, marked = (clean_picture(data, largest=LIMIT, watermark_on=on) for on in (None, date(2026, 11, 22)))
    pixels = [Image.open(BytesIO(one.data)).convert("RGB").crop((0, 450, 900, 600)) for one in (plain, marked)]
    assert min(pixels[0].convert("L").get_flattened_data()) > 200 > min(pixels[1].convert("L").get_flattened_data())


@pytest.fixture
def kept(either, at):
    case = uuid.uuid4()
    clean = clean_picture(as_bytes(draw(), "PNG"), largest=LIMIT)
    with either.transaction() as session:
        evidence = keep_evidence(session, case=case, shows="id", picture=clean, subject=None, at=at)
    return case, evidence.id, clean.data


def test_evidence_is_sealed_and_opened_once_by_the_person_it_was_opened_for(either, at, kept):
    case, _, data = kept
    with either.transaction() as session:
        (evidence,) = evidence_of(session, case)
        assert data[100:160] not in evidence.picture_sealed
        token = grant_look(session, evidence, "S0101", at)
        with pytest.raises(Refusal):
            grant_look(session, evidence, "S0101", at)
        with pytest.raises(Refusal):
            open_once(session, token, "S0102", at)
        with pytest.raises(Refusal):
            open_once(session, token, "S0101", at + timedelta(minutes=3))
        assert open_once(session, token, "S0101", at)[1] == data
        with pytest.raises(Refusal):
            open_once(session, token, "S0101", at)


def test_evidence_is_gone_after_the_decision_and_after_thirty_days_at_the_latest(either, at, kept):
    case, _, _ = kept
    other = uuid.uuid4()
    clean = clean_picture(as_bytes(draw(), "PNG"), largest=LIMIT)
    with either.transaction() as session:
        keep_evidence(session, case=other, shows="id", picture=clean, subject=None, at=at)
        assert destroy_evidence(session, case, "decided", at) == 1
        assert evidence_of(session, case)[0].picture_sealed is None
        assert count_overdue(session, at + LONGEST_KEPT) == 1
        assert destroy_old_evidence(session, at + LONGEST_KEPT - timedelta(seconds=1)) == 0
        assert destroy_old_evidence(session, at + LONGEST_KEPT) == 1
        assert count_overdue(session, at + LONGEST_KEPT) == 0
        with pytest.raises(Refusal):
            grant_look(session, evidence_of(session, other)[0], "S0101", at)

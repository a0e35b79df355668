"""Which files may be kept: told by their content, never by the name alone."""

import pytest
from django.core.files.base import ContentFile

from common.errors import RuleError
from common.uploads import PICTURES, SIZE_LIMIT, SOUND_LIMIT, SOUNDS, check_sound, check_upload

HEADS = {
    "webp": b"RIFF1234WEBPVP8 ",
    "m4a": b"\x00\x00\x00\x20ftypM4A \x00",
    "ogg": b"OggS\x00\x02",
    "png": b"\x89PNG\r\n\x1a\n1234",
    "wav": b"RIFF1234WAVEfmt ",
}


@pytest.mark.parametrize("kind", HEADS)
def test_photos_and_recordings_of_a_phone_are_taken(kind):
    assert check_upload(ContentFile(HEADS[kind], name=f"现场.{kind.upper()}")).kind == kind


@pytest.mark.parametrize(("kind", "other"), [("webp", "wav"), ("wav", "webp"), ("m4a", "ogg"), ("ogg", "png")])
def test_a_photo_or_recording_under_another_name_is_refused_about_its_field(kind, other):
    with pytest.raises(RuleError) as caught:
        check_upload(ContentFile(HEADS[kind], name=f"a.{other}"), field="files")

    assert (caught.value.code, caught.value.field) == ("wrong_type", "files")


def test_what_is_shown_or_played_is_never_a_page_or_a_drawing_that_runs():
    assert all(kind.startswith(("image/", "audio/")) for kind in (PICTURES | SOUNDS).values())
    assert not {"svg", "html", "xml"} & set(PICTURES | SOUNDS)


def test_a_calls_recording_may_be_larger_than_evidence_but_not_endless():
    ten = HEADS["wav"] + bytes(SIZE_LIMIT)

    assert check_sound(ContentFile(ten, name="1.wav")).size == len(ten)
    with pytest.raises(RuleError) as caught:
        check_upload(ContentFile(ten, name="1.wav"))
    assert caught.value.code == "too_large"
    with pytest.raises(RuleError) as caught:
        check_sound(ContentFile(HEADS["wav"] + bytes(SOUND_LIMIT), name="1.wav"))
    assert (caught.value.code, caught.value.field) == ("too_large", "audio")


@pytest.mark.parametrize("name", ["1.png", "1.txt", "1.mp3", "1", "1.wav.html"])
def test_a_calls_recording_is_sound_by_its_content(name):
    with pytest.raises(RuleError) as caught:
        check_sound(ContentFile(HEADS["png"], name=name))

    assert caught.value.code == "wrong_type"

"""A recording to play: two voices taking turns, made of tones. Nobody speaks and nothing is said."""

import io
import math
import wave
from array import array
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common.uploads import check_upload

RATE = 8000
PLACE = "calls/demo/conversation.wav"
PITCHES = ((118, 132, 126, 110), (205, 232, 218, 196))
"""Hertz of two voices' syllables."""
TURNS = 11
SYLLABLES = 16


@dataclass(frozen=True, slots=True)
class Recording:
    """Where it lies and what it is; ``seconds`` is its length."""

    place: str
    kind: str
    size: int
    sha256: str
    seconds: int


def recording() -> Recording:
    """The file, written once; some 40 seconds in 8 kHz mono, about 700 kB."""
    content = _written()
    checked = check_upload(ContentFile(content, name="conversation.wav"))
    if not default_storage.exists(PLACE):
        default_storage.save(PLACE, ContentFile(content))
    seconds = (len(content) - 44) // (2 * RATE)
    return Recording(PLACE, checked.kind, checked.size, checked.sha256, seconds)


def _written() -> bytes:
    voices = [[_syllable(pitch) for pitch in pitches] for pitches in PITCHES]
    short, long = array("h", [0] * (RATE // 25)), array("h", [0] * (RATE * 2 // 5))
    samples = array("h")
    for turn in range(TURNS):
        syllables = voices[turn % 2]
        for number in range(SYLLABLES):
            samples.extend(syllables[(number * 7 + turn * 3) % len(syllables)])
            samples.extend(long if number % 6 == 5 else short)
        samples.extend(long)
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return target.getvalue()


def _syllable(pitch: int) -> "array[int]":
    """A fifth of a second of one voice: harmonics under two formants, swelling and fading."""
    length = RATE // 6
    partials = [(number, _weight(number * pitch)) for number in range(1, 12)]
    made = array("h")
    for place in range(length):
        swell = math.sin(math.pi * place / length) ** 0.6
        glide = pitch * (1 + 0.04 * math.sin(2 * math.pi * place / length))
        angle = 2 * math.pi * glide * place / RATE
        made.append(int(5200 * swell * sum(weight * math.sin(number * angle) for number, weight in partials)))
    return made


def _weight(hertz: int) -> float:
    """How loud a partial is: strongest near the two formants of an open vowel."""
    return 0.15 + math.exp(-(((hertz - 650) / 260) ** 2)) + 0.5 * math.exp(-(((hertz - 1300) / 320) ** 2))

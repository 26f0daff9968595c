"""The pictures in the documentation show what the bot says."""

import asyncio
import re
from collections.abc import Mapping

import pytest

from tests.conversation import PICTURE, PICTURES, pictures
from tests.drawing import Said, draw, texts
from tests.scenes import SCENES

_DRAWN = {it.stem: it.read_text(encoding="utf-8") for it in PICTURES.glob("*.svg")}


@pytest.fixture(name="anew", scope="module")
def _anew() -> Mapping[str, str]:
    return asyncio.run(pictures(SCENES))


def _read(svg: str) -> list[str]:
    """Give what is to be read in a picture; numbers may differ a little from machine to machine."""
    return [re.sub(r"-?\d+\.\d\d", "0.00", it) for it in texts(svg)]


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_says_what_the_bot_says(name: str, anew: Mapping[str, str]) -> None:
    """Who looks at it sees the bot as it is; else draw anew by `python -m tests.conversation`."""
    assert _read(anew[name]) == _read(_DRAWN[name])


def test_every_picture_is_shown() -> None:
    """The page has all that are drawn, and none that is not."""
    page = (PICTURES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[[^]]+\]\(([\w-]+)\.svg\)", page) == list(SCENES)
    assert _DRAWN.keys() == SCENES.keys()


@pytest.mark.parametrize("picture", [PICTURE.read_text(encoding="utf-8"), *_DRAWN.values()])
def test_a_picture_needs_nothing_from_outside(picture: str) -> None:
    """It shows the same wherever it is looked at."""
    assert set(re.findall(r'(?:href|src)="([^,"]*)', picture)) <= {"data:image/png;base64"}
    assert not re.search(r"@import|@font-face|url\(|<script", picture)


def test_what_is_drawn_is_read_in_full() -> None:
    """A message with formats, a joined emoji, marks and buttons loses nothing in the picture."""
    text = "👨‍👩‍👧 **says** <b> & more, " + "word " * 20 + "\n\nend"
    markup = {"inline_keyboard": [[{"text": "a < b"}]]}
    message = {
        "text": text,
        "entities": [{"type": "bold", "offset": 9, "length": 8}],
        "reply_markup": markup,
    }
    svg = draw("Title", [Said(message, is_own=False, name="Bob")])
    read = texts(svg)
    assert (read[0], read[-1]) == ("Bob", "a < b")
    assert "".join(read[1:-1]).replace(" ", "") == "".join(text.split())
    assert '<tspan class="bold">**says**</tspan>' in svg


def test_text_from_right_to_left_ends_at_the_left() -> None:
    """An Arabic line starts at the right border of its message."""
    svg = draw("Title", [Said({"text": "مرحبا"}, is_own=False), Said({"text": "Hi"}, is_own=False)])
    assert [("rtl" in it) for it in re.findall(r"<text[^>]*>", svg)] == [True, False]

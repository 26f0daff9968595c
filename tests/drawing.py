"""Draw a chat as SVG: messages with their formats, files and buttons, as a phone shows them.

Nothing from outside is needed to look at a picture, and the same chat is always the same picture.
"""

import base64
import html
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TypeAlias

from bot.telegram.tables import width as columns
from tests.telegram_checks import utf16_units
from tests.telegram_server import Message


@dataclass(slots=True)
class Said:
    """A message as it stood at some time."""

    message: Message
    is_own: bool
    """Whether the person wrote it whose phone this is."""
    name: str = ""
    """Who wrote it, where that is not clear."""
    pressed: str | None = None
    """The button that was pressed then."""
    picture: bytes = b""
    """What a photo shows, as PNG."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What happens beside the messages."""

    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a client offers above its line for writing."""

    written: str
    rows: Sequence[tuple[str, str]]
    """What can be chosen, and a word about each."""


Item: TypeAlias = Said | Aside | Listed


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    formats: Sequence[frozenset[str]] = ()
    is_rtl: bool = False
    style: str = ""

    @property
    def width(self) -> float:
        return columns(self.text) * _LETTER

    def has(self, kinds: frozenset[str]) -> bool:
        return any(kinds & it for it in self.formats)


_WIDTH, _LINE, _PAD, _GAP, _COLUMNS, _LETTER = 640, 20, 12, 10, 60, 8.5
_BUTTON, _ROW, _PICTURE_WIDTH, _PICTURE_HEIGHT = 30, 42, 240, 110
_MOST_LINES_FOLDED = 3
_QUOTES = frozenset(("blockquote", "expandable_blockquote"))
_BLOCKS = frozenset(("pre",))
_MEDIA = {
    "voice": "🎤 Voice message",
    "sticker": "Sticker",
    "location": "📍 Location",
    "photo": "🖼 Photo",
    "document": "📄 {file_name}",
}
_STYLE = (
    "text { font: 14px 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1c1c1c } "
    ".bold { font-weight: bold } .italic { font-style: italic } "
    ".code, .pre { fill: #a0345a } .underline { text-decoration: underline } "
    ".text_link, .url, .mention, .bot_command { fill: #1a6fc4 } "
    ".strikethrough { text-decoration: line-through } "
    ".name { fill: #b0562a; font-weight: bold } .faint { fill: #5f7183 } "
    ".aside { fill: #4b6175; font-size: 12px; font-style: italic; text-anchor: middle } "
    ".button { fill: #1c4f80; text-anchor: middle }"
)


@dataclass(slots=True)
class _Canvas:
    """Takes shapes from the top to the bottom."""

    y: int = _PAD
    shapes: list[str] = field(default_factory=list)

    def box(self, x: float, width: float, height: float, colour: str, radius: int = 0) -> None:
        """Put a box here."""
        self.shapes.append(
            f'<rect x="{x:.0f}" y="{self.y}" width="{width:.0f}" height="{height:.0f}" '
            f'rx="{radius}" fill="{colour}"/>'
        )

    def text(self, x: float, down: int, text: str, more: str = "") -> None:
        """Put a text here; it is markup already."""
        self.shapes.append(
            f'<text x="{x:.0f}" y="{self.y + down}" xml:space="preserve"{more}>{text}</text>'
        )


def draw(title: str, items: Iterable[Item]) -> str:
    """Draw a chat.

    Args:
        title: what it shows, for those who do not see it.
        items: from the top to the bottom.
    """
    canvas = _Canvas()
    for item in items:
        if isinstance(item, Said):
            _draw_message(canvas, item)
        elif isinstance(item, Aside):
            _draw_aside(canvas, item)
        else:
            _draw_list(canvas, item)
        canvas.y += _GAP
    size = f'width="{_WIDTH}" height="{canvas.y}"'
    view = f'viewBox="0 0 {_WIDTH} {canvas.y}" {size} role="img"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {view}>',
            f"<title>{html.escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            f'<rect {size} fill="#d7e3ee"/>',
            *canvas.shapes,
            "</svg>\n",
        ]
    )


def texts(svg: str) -> list[str]:
    """Give what can be read in a picture, line by line."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", it)) for it in found]


def _draw_message(canvas: _Canvas, said: Said) -> None:
    lines = [*_above(said), *_lines(said.message)]
    rows = [
        [button["text"] for button in row]
        for row in said.message.get("reply_markup", {}).get("inline_keyboard", [])
    ]
    picture = _PICTURE_HEIGHT + _PAD if said.picture else 0
    inner = max(
        _PICTURE_WIDTH if said.picture else 0,
        *(it.width for it in lines),
        *(sum(columns(it) * _LETTER + _PAD for it in row) for row in rows),
    )
    width = min(inner + 2 * _PAD, _WIDTH - 2 * _PAD)
    x = _WIDTH - _PAD - width if said.is_own else _PAD
    height = len(lines) * _LINE + picture + _PAD
    canvas.box(x, width, height, "#dcf8c6" if said.is_own else "#ffffff", radius=10)
    if said.picture:
        encoded = base64.b64encode(said.picture).decode()
        canvas.shapes.append(
            f'<image x="{x + _PAD:.0f}" y="{canvas.y + _PAD}" width="{_PICTURE_WIDTH}" '
            f'height="{_PICTURE_HEIGHT}" href="data:image/png;base64,{encoded}"/>'
        )
    canvas.y += picture + _PAD // 2
    for line in lines:
        _draw_line(canvas, line, x, width)
    canvas.y += _PAD // 2
    for row in rows:
        _draw_buttons(canvas, row, x, width, said.pressed)


def _draw_line(canvas: _Canvas, line: _Line, x: float, width: float) -> None:
    if line.has(_BLOCKS):
        canvas.box(x + 6, width - 12, _LINE, "#f3eef1")
    elif line.has(_QUOTES) or line.style == "replied":
        canvas.box(x + 6, width - 12, _LINE, "#e8f1f9")
        canvas.box(x + width - 9 if line.is_rtl else x + 6, 3, _LINE, "#3a8fd0")
    elif line.style == "file":
        canvas.box(x + 6, line.width + _PAD, _LINE, "#e3e9ef", radius=4)
    more = f' class="{line.style}"' if line.style else ""
    if line.is_rtl:
        canvas.text(x + width - _PAD, 15, _runs(line), f'{more} direction="rtl"')
    else:
        canvas.text(x + _PAD, 15, _runs(line), more)
    canvas.y += _LINE


def _draw_buttons(
    canvas: _Canvas, row: Sequence[str], x: float, width: float, pressed: str | None
) -> None:
    canvas.y += 3
    each = (width - 3 * (len(row) - 1)) / len(row)
    for number, text in enumerate(row):
        left = x + number * (each + 3)
        canvas.box(left, each, _BUTTON, "#7fb2e0" if text == pressed else "#bdd0e2", radius=6)
        canvas.text(left + each / 2, 20, html.escape(text), ' class="button"')
    canvas.y += _BUTTON


def _draw_aside(canvas: _Canvas, aside: Aside) -> None:
    for line in textwrap.wrap(aside.text, 80):
        canvas.text(_WIDTH / 2, 13, html.escape(line), ' class="aside"')
        canvas.y += 16


def _draw_list(canvas: _Canvas, listed: Listed) -> None:
    x, width = _PAD, _WIDTH - 2 * _PAD
    canvas.box(x, width, len(listed.rows) * _ROW + _BUTTON + 6, "#ffffff", radius=10)
    for head, below in listed.rows:
        canvas.text(x + _PAD, 18, html.escape(head), ' class="bold"')
        canvas.text(x + _PAD, 36, html.escape(_cut(below)), ' class="faint"')
        canvas.y += _ROW
        canvas.box(x + _PAD, width - 2 * _PAD, 1, "#d5dde5")
    canvas.text(x + _PAD, 24, html.escape(listed.written))
    canvas.y += _BUTTON + 6


def _above(said: Said) -> Iterator[_Line]:
    """Give what stands in a message above its text."""
    if said.name:
        yield _Line(said.name, style="name")
    if replied := said.message.get("reply_to_message"):
        text = replied.get("text") or replied.get("caption") or "Photo"
        yield _Line(_cut(text.split("\n")[0], 40), is_rtl=_is_rtl(text), style="replied")
    for kind, name in _MEDIA.items():
        if kind in said.message and not said.picture:
            told = said.message[kind]
            yield _Line(name.format_map(told if isinstance(told, dict) else {}), style="file")


def _lines(message: Message) -> Iterator[_Line]:
    """Give the lines of a message as a phone breaks them; of a folded quote the first only."""
    text = message.get("text") or message.get("caption", "")
    if not text:
        return
    entities = message.get("entities") or message.get("caption_entities", [])
    formats = [
        frozenset(it["type"] for it in entities if it["offset"] <= at < it["offset"] + it["length"])
        for at in accumulate((utf16_units(char) for char in text[:-1]), initial=0)
    ]
    at, folded = 0, 0
    for line in text.split("\n"):
        start, is_rtl = at, _is_rtl(line)
        wrapped = textwrap.wrap(
            line, _COLUMNS, drop_whitespace=False, expand_tabs=False, replace_whitespace=False
        )
        for part in wrapped or [""]:
            spaces = len(part) - len(part.lstrip(" ")) if start > at else 0
            run = formats[start + spaces : start + max(len(part), 1)]
            drawn = _Line(part[spaces:], run, is_rtl)
            start += len(part)
            folded = folded + 1 if drawn.has(frozenset(("expandable_blockquote",))) else 0
            if folded <= _MOST_LINES_FOLDED:
                yield drawn
            elif folded == _MOST_LINES_FOLDED + 1:
                yield _Line("▾", drawn.formats[:1], is_rtl)
        at += len(line) + 1


def _runs(line: _Line) -> str:
    """Write a line, each stretch of equal formats in its own style."""
    if not line.formats:
        return html.escape(line.text)
    return "".join(
        f'<tspan class="{" ".join(sorted(kinds))}">{html.escape(run)}</tspan>'
        if kinds
        else html.escape(run)
        for kinds, pairs in groupby(zip(line.formats, line.text, strict=False), key=itemgetter(0))
        for run in ["".join(char for _, char in pairs)]
    )


def _is_rtl(text: str) -> bool:
    """Tell whether the first letter is of a script that goes from right to left."""
    kinds = (unicodedata.bidirectional(it) for it in text)
    return next((it != "L" for it in kinds if it in {"L", "R", "AL"}), False)


def _cut(text: str, most: int = _COLUMNS + 8) -> str:
    return textwrap.shorten(text, most, placeholder="…")

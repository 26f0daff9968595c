"""Text and emphasis within a paragraph, written so that Markdown shows it as it was."""

import re
import unicodedata

_MARKERS = {"strong": "**", "em": "*", "del": "~~"}
# Emphasis is settled when the whole paragraph is known, since its neighbours decide whether
# Markdown takes it. Until then these private characters, which no text keeps, stand for it.
_OPEN = {"strong": "\ue000", "em": "\ue001", "del": "\ue002"}
_CLOSE = {"strong": "\ue010", "em": "\ue011", "del": "\ue012"}
_SENTINEL = re.compile("[\ue000-\ue012]")
_OPENED = {sign: _MARKERS[kind] for kind, sign in _OPEN.items()}
_CLOSED = {sign: _MARKERS[kind] for kind, sign in _CLOSE.items()}

# The same for code: what touches other code becomes one with it.
_CODE_OPEN, _CODE_CLOSE = "\ue020", "\ue021"
_CODE = re.compile("\ue020(.*?)\ue021")

_SPECIAL = re.compile(
    r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,40};)"
    r"|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\|"
)
_LINE_START = re.compile(
    r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=(?:#{1,6}|[-+])(?:\s|$)|>|~~~|-+$|=+$)"
)
_BREAK = "\n"
_UNSAFE_IN_LINK = re.compile(r"[\s<>()\\]")


def escape(text: str) -> str:
    """Escape what Markdown would take for a sign of its own."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def emphasise(kind: str, inline: str) -> str:
    """Emphasise a piece of a paragraph: `kind` is strong, em or del."""
    lines = (_around(_OPEN[kind], line, _CLOSE[kind]) for line in inline.split(_BREAK))
    return _BREAK.join(lines)


def code_span(text: str) -> str:
    """Mark a text as code."""
    text = " ".join(text.split())
    return f"{_CODE_OPEN}{text}{_CODE_CLOSE}" if text else ""


def link(inline: str, address: str, *, is_image: bool = False) -> str:
    """Write a link, or an image with its description."""
    inline = " ".join(inline.split())
    safe = _UNSAFE_IN_LINK.sub(
        lambda match: "".join(f"%{it:02X}" for it in match[0].encode()), address
    )
    return f"{'!' if is_image else ''}[{inline}]({safe})"


def paragraphs(inline: str) -> list[str]:
    """Settle a run of inline Markdown: a line break is a hard one, two make a new paragraph."""
    found: list[list[str]] = [[]]
    for line in (" ".join(it.split()) for it in inline.split(_BREAK)):
        if _SENTINEL.sub("", line):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\\\n".join(map(_finish_line, lines)) for lines in found if lines]


def _finish_line(line: str) -> str:
    settled = _settle(line)
    # Only what was text before can have a meaning that nobody meant.
    return (
        _LINE_START.sub(r"\g<number>\\", settled, count=1) if _LINE_START.match(line) else settled
    )


def _around(before: str, text: str, after: str) -> str:
    """Put signs around a text, but not around the spaces at its ends."""
    inside = text.strip()
    if not _SENTINEL.sub("", inside):
        return text
    start = text.index(inside)
    return f"{text[:start]}{before}{inside}{after}{text[start + len(inside) :]}"


def _settle(line: str) -> str:
    """Replace the stand-ins by Markdown's signs, or by nothing where it would not take them."""
    for kind, opening in _OPEN.items():
        line = line.replace(f"{_CLOSE[kind]}{opening}", "")  # what goes on never ended
    pieces = re.split("([\ue000-\ue012])", line)
    opened: list[int] = []
    closed = -len(pieces)
    for at in range(1, len(pieces), 2):
        sign = pieces[at]
        pieces[at] = ""
        if sign in _OPENED:
            opened.append(at)
        elif opened:
            start = opened.pop()
            outside = _neighbour(pieces, start, -1), _neighbour(pieces, at, 1)
            inside = _neighbour(pieces, start, 1), _neighbour(pieces, at, -1)
            # Stars that end and stars that begin would be taken for one row of stars.
            is_apart = closed != start - 2 or bool(pieces[start - 1])
            if is_apart and all(map(_may_touch, inside, outside)):
                pieces[start] = pieces[at] = _CLOSED[sign]
                closed = at
    joined = "".join(_apart_from_tildes(pieces)).replace(f"{_CODE_CLOSE}{_CODE_OPEN}", "")
    return _CODE.sub(_fenced, joined)


def _apart_from_tildes(pieces: list[str]) -> list[str]:
    """Escape a single tilde of the text that stands beside two of Markdown's."""
    written = [piece for piece in pieces if piece]
    for at, piece in enumerate(written):
        if piece == _MARKERS["del"]:
            if at and (before := written[at - 1]).endswith("~") and not before.endswith(r"\~"):
                written[at - 1] = rf"{before[:-1]}\~"
            if at + 1 < len(written) and written[at + 1].startswith("~"):
                written[at + 1] = rf"\{written[at + 1]}"
    return written


def _fenced(code: re.Match[str]) -> str:
    """Put code between as many backticks as it does not hold itself (CommonMark, 6.1)."""
    text = code[1]
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{space}{text}{space}{fence}"


def _neighbour(pieces: list[str], at: int, step: int) -> str:
    """Give the next character that is no stand-in; a space where there is none."""
    at += step
    while 0 <= at < len(pieces):
        if at % 2 == 0 and pieces[at]:
            return pieces[at][0] if step > 0 else pieces[at][-1]
        at += step
    return " "


def _may_touch(inside: str, outside: str) -> bool:
    """Tell whether Markdown takes a sign between two characters (CommonMark, 6.2)."""
    return not _is_punctuation(inside) or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(char: str) -> bool:
    return char in (_CODE_OPEN, _CODE_CLOSE) or unicodedata.category(char)[0] in "PS"

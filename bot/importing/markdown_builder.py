"""A document's tags and texts, one after the other, to Markdown.

The tags are those of HTML; other formats translate theirs. Nothing here recurses, so depth does no
harm.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent

from bot.importing.inline_markdown import code_span, emphasise, escape, link, paragraphs
from bot.text import sendable

_STRONG = frozenset(("b", "strong", "dt", "summary", "caption", "h1", "h2", "h3", "h4", "h5", "h6"))
_EMPHASIS = (
    dict.fromkeys(("b", "strong"), "strong")
    | dict.fromkeys(("i", "em", "cite", "dfn"), "em")
    | dict.fromkeys(("del", "s", "strike"), "del")
)
_CODE = frozenset(("code", "tt", "kbd", "samp"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_INDENTING = frozenset(("li", "blockquote"))
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset((*_EMPHASIS, *_CODE, "a", "q", "sup", "sub"))
_TRANSPARENT = frozenset(
    ("span", "font", "small", "big", "u", "abbr", "acronym", "bdi", "bdo", "button", "data")
) | frozenset(("ins", "label", "mark", "nobr", "rb", "rp", "rt", "ruby", "time", "var", "wbr"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight|brush:)[-\s]?([\w+#.-]+)")
_NO_LANGUAGE = frozenset(("default", "none", "text", "plaintext", "notranslate"))
_RAISED = {
    "sup": str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"),
    "sub": str.maketrans("0123456789+-n", "₀₁₂₃₄₅₆₇₈₉₊₋ₙ"),
}
_SHORT = re.compile("[0-9+-]{1,4}|n")
_DEEPEST = 12
"""Lists and quotes within each other; further ones are not indented any more."""

_NO_ATTRIBUTES: Mapping[str, str] = {}


@dataclass(slots=True)
class _Frame:
    """A tag that is still open, with what it holds so far."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    inline: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    items: list[list[str]] = field(default_factory=list)
    """Of a list."""
    cells: list[tuple[list[str], bool]] = field(default_factory=list)
    """Of a table's row, and which of them are headers."""
    rows: list[list[tuple[list[str], bool]]] = field(default_factory=list)
    """Of a table."""

    def flush(self) -> None:
        """Make paragraphs of the text so far."""
        if self.inline:
            self.blocks += paragraphs("".join(self.inline))
            self.inline.clear()


class MarkdownBuilder:
    """Takes tags and texts in their order and gives Markdown."""

    def __init__(self, resolve: Callable[[str], str | None] = lambda address: address) -> None:
        """Begin a document.

        Args:
            resolve: gives the address to write for one that is written; None for a dead one.
        """
        self._resolve = resolve
        self._stack = [_Frame("div")]
        self._in_pre = 0
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str] = _NO_ATTRIBUTES) -> None:
        """Open a tag."""
        if self._in_pre:
            self._in_pre += 1
            if tag == "br":
                self._stack[-1].inline.append("\n")
            elif tag == "code" and "class" in attributes:
                self._stack[-1].attributes = attributes
            return
        self._in_pre = int(tag == "pre")
        self._depth += tag in _INDENTING
        self._stack.append(_Frame(tag, attributes))

    def text(self, text: str) -> None:
        """Add a text."""
        text = sendable(text)
        frame = self._stack[-1]
        if not self._in_pre:
            text = _SPACES.sub(" ", text)
            text = text if self._is_code() else escape(text)
        if text:
            frame.inline.append(text)

    def markdown(self, inline: str) -> None:
        """Add what is Markdown already."""
        self._stack[-1].inline.append(inline)

    def end(self) -> None:
        """Close the tag that was opened last."""
        if self._in_pre > 1:
            self._in_pre -= 1
            return
        self._in_pre = 0
        frame = self._stack.pop()
        parent = self._stack[-1]
        is_too_deep = self._depth > _DEEPEST
        self._depth -= frame.tag in _INDENTING
        if frame.tag in {"br", "img"}:
            parent.inline.append("\n" if frame.tag == "br" else self._image(frame))
        elif frame.tag in _TRANSPARENT and not frame.blocks:
            parent.inline += frame.inline
        elif frame.tag in _INLINE and not frame.blocks:
            parent.inline.append(self._finish_inline(frame))
        else:
            parent.flush()
            if frame.tag == "pre":
                parent.blocks += _finish_pre(frame)
                return
            if frame.tag in _STRONG and frame.inline:
                frame.inline = [emphasise("strong", "".join(frame.inline))]
            frame.flush()
            if frame.tag == "li" and parent.tag in _LISTS and not is_too_deep:
                parent.items.append(frame.blocks)
            elif frame.tag in _CELLS and parent.tag == "tr":
                parent.cells.append((frame.blocks, frame.tag == "th"))
            elif frame.tag == "tr" and (table := self._table()):
                table.rows.append(frame.cells)
            else:
                frame.blocks += (block for blocks, _ in frame.cells for block in blocks)
                parent.blocks += _finish_block(frame, is_too_deep=is_too_deep)

    def boundary(self) -> None:
        """End the paragraph."""
        self._stack[-1].flush()

    def finish(self) -> str:
        """Give the Markdown so far, and begin anew."""
        while len(self._stack) > 1:
            self.end()
        frame = self._stack[0]
        frame.flush()
        written = "\n\n".join(_unquoted(frame.blocks))
        frame.blocks.clear()
        return written

    def _is_code(self) -> bool:
        return any(frame.tag in _CODE for frame in reversed(self._stack[-4:]))

    def _table(self) -> _Frame | None:
        for frame in reversed(self._stack[-3:]):
            if frame.tag == "table":
                return frame
        return None

    def _image(self, frame: _Frame) -> str:
        description = escape(" ".join(frame.attributes.get("alt", "").split()))
        address = self._resolve(frame.attributes.get("src", ""))
        return link(description, address, is_image=True) if address else description

    def _finish_inline(self, frame: _Frame) -> str:
        inline = "".join(frame.inline)
        outer = {it.tag for it in self._stack[-8:]}
        if frame.tag in _CODE and not outer & _CODE:
            return code_span(inline)
        if outer & _CODE or not inline.strip():
            return inline
        if frame.tag == "a":
            address = self._resolve(frame.attributes.get("href", ""))
            return _around_link(inline, address) if address else inline
        kind = _EMPHASIS.get(frame.tag)
        if kind and not any(_EMPHASIS.get(it) == kind for it in outer):
            return emphasise(kind, inline)
        if frame.tag == "q":
            return f"“{inline}”"
        raised = _RAISED.get(frame.tag)
        return inline.translate(raised) if raised and _SHORT.fullmatch(inline.strip()) else inline


def _unquoted(blocks: list[str]) -> list[str]:
    """Take the signs of a quote off that holds everything: old pages indent so."""
    if len(blocks) != 1 or not blocks[0].startswith(">"):
        return blocks
    return [re.sub(r"(?m)^> ?", "", blocks[0])]


def _is_short(inline: str) -> bool:
    return bool(re.fullmatch(r"[0-9+-]{1,4}|n", inline.strip()))


def _around_link(inline: str, address: str) -> str:
    """Link a text, but not the spaces around it."""
    inside = " ".join(inline.split())
    before, after = " " * inline[0].isspace(), " " * inline[-1].isspace()
    return f"{before}{link(inside, address)}{after}"


def _finish_pre(frame: _Frame) -> list[str]:
    text = "".join(frame.inline).replace("\r\n", "\n").replace("\r", "\n").rstrip()
    lines = dedent(text.expandtabs(4)).split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    if not lines:
        return []
    match = _LANGUAGE.search(frame.attributes.get("class", ""))
    language = match[1] if match and match[1] not in _NO_LANGUAGE else ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["\n".join([f"{fence}{language}", *lines, fence])]


def _finish_block(frame: _Frame, *, is_too_deep: bool) -> list[str]:
    if frame.tag in _LISTS:
        return _finish_list(frame)
    if frame.tag == "table":
        return _finish_table(frame)
    if frame.tag == "hr":
        return ["***"]
    if frame.tag == "blockquote" and frame.blocks and not is_too_deep:
        lines = "\n\n".join(frame.blocks).split("\n")
        return ["\n".join(f"> {line}".rstrip() for line in lines)]
    return frame.blocks


def _finish_list(frame: _Frame) -> list[str]:
    if not frame.items:
        return frame.blocks
    frame.items[-1] += frame.blocks  # a list right within a list
    start = frame.attributes.get("start", "1")
    number = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
    written = []
    is_loose = False
    for item in frame.items:
        if not item:
            continue
        marker = f"{number}. " if frame.tag == "ol" else "- "
        number += 1
        is_tight = all(_is_list(block) for block in item[1:])
        is_loose = is_loose or not is_tight
        text = ("\n" if is_tight else "\n\n").join(item)
        indented = text.replace("\n", "\n" + " " * len(marker))
        written.append(f"{marker}{re.sub(r'(?m)[ ]+$', '', indented)}")
    return ["\n".join(written) if not is_loose else "\n\n".join(written)] if written else []


def _is_list(block: str) -> bool:
    return bool(re.match(r"- |\d+\. ", block))


def _finish_table(frame: _Frame) -> list[str]:
    rows = [row for row in frame.rows if any(blocks for blocks, _ in row)]
    width = max(map(len, rows), default=0)
    # Tables that only lay out a page hold lists, code or other tables, or have one column.
    is_layout = width < 2 or any(  # noqa: PLR2004 - one column
        "\n" in block.replace("\\\n", "") for row in rows for blocks, _ in row for block in blocks
    )
    if is_layout:
        return [*frame.blocks, *(block for row in rows for blocks, _ in row for block in blocks)]
    lines = [_table_line([_cell(blocks) for blocks, _ in row], width) for row in rows]
    lines.insert(1, _table_line(["---"] * width, width))
    return [*frame.blocks, "\n".join(lines)]


def _cell(blocks: list[str]) -> str:
    return " ".join(blocks).replace("\\\n", " ").replace("|", "\\|")


def _table_line(cells: list[str], width: int) -> str:
    return f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |"

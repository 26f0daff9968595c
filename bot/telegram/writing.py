"""The tree of a document to a text with formats, line by line as a phone shows it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from telegram import MessageEntity

from bot.telegram.addresses import is_linkable, told
from bot.telegram.directions import is_right_to_left
from bot.telegram.document import Kind, Node
from bot.telegram.script_signs import lowered, raised
from bot.telegram.splitting import Span, is_blank
from bot.telegram.tables import grid

_FORMATS: Mapping[Kind, str] = {
    "bold": MessageEntity.BOLD,
    "italic": MessageEntity.ITALIC,
    "underline": MessageEntity.UNDERLINE,
    "strikethrough": MessageEntity.STRIKETHROUGH,
    "code": MessageEntity.CODE,
    "heading": MessageEntity.BOLD,
    "term": MessageEntity.BOLD,
    "summary": MessageEntity.BOLD,
}
_NOTE_SIGNS = {
    **dict.fromkeys(
        ("note", "info", "abstract", "summary", "example", "quote"), "\N{INFORMATION SOURCE}\ufe0f"
    ),
    **dict.fromkeys(("tip", "hint", "success", "check"), "💡"),
    **dict.fromkeys(("question", "faq", "help"), "❓"),
    "important": "❗",
    **dict.fromkeys(("warning", "attention"), "⚠️"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "bug"), "🛑"),
}
_TASKS = {"x": "☑ ", " ": "☐ "}
_NUMBER = re.compile(r"[0-9]{1,9}")
_BULLET = "• "
_RULE = "————————"
_INDENT = "  "

# Character references (&#1;) bring in what may not be sent.
_CONTROL = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}

# A longer quote is folded, for people to open.
_MOST_QUOTED = 500


@dataclass(slots=True, eq=False)
class _Format:
    """A format that may still be open."""

    type: str
    url: str | None
    language: str | None
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Written:
    """A document as text."""

    text: str
    spans: list[Span]
    """Its formats, outer ones first."""
    items: list[int] = field(default_factory=list)
    """Where the lines begin that have a bullet or a number."""
    preview: str | None = None
    """The address to show a preview of."""


def write(document: Node, *, with_pictures: bool = True) -> Written:
    """Write a document.

    Args:
        document: the tree.
        with_pictures: tell of paragraphs that are nothing but images, too.
    """
    writer = _Writer(with_pictures=with_pictures)
    writer.blocks(document.children, gap=2)
    return writer.written()


class _Writer:
    def __init__(self, *, with_pictures: bool) -> None:
        self._with_pictures = with_pictures
        self._pieces: list[str] = []
        self._length = 0
        self._spans: list[_Format] = []
        self._awaiting: list[_Format] = []  # those open ones that have no text yet
        self._items: list[int] = []
        self._preview: str | None = None
        # What is owed before the next text: line breaks, and a bullet at the line's start.
        self._breaks = 0
        self._mark = ""
        self._is_glued = False  # what comes next stands where it would now, block or not
        self._indent = ""
        self._last = "\n"

    def written(self) -> Written:
        """Give what has been written."""
        spans = [
            Span(it.start, it.end, it.type, it.url, it.language)
            for it in self._spans
            if it.end > it.start
        ]
        text = "".join(self._pieces).translate(_CONTROL)
        return Written(text, spans, self._items, self._preview)

    # Blocks

    def blocks(self, children: Sequence[Node | str], gap: int) -> None:
        """Write blocks, with so many line breaks between them."""
        for child in children:
            if isinstance(child, str):
                self._text(child)
            else:
                self._block(child, gap)

    def _block(self, node: Node, gap: int) -> None:  # noqa: C901 - one case a kind
        self._line(1 if node.kind in {"line", "definition"} else gap)
        match node.kind:
            case "paragraph" | "line" if node.is_picture and self._leaves_out_pictures:
                pass
            case "list":
                self._list(node)
            case "quote" | "note":
                self._quote(node)
            case "details":
                self._quote(node, is_folded=True)
            case "definition":
                self._item(node, _INDENT, _INDENT)
            case "footnote":
                self._item(node, f"[{node.value}] ", "", gap=2)
            case "code block":
                self._code_block(node)
            case "table":
                self._table(node, gap)
            case "rule":
                self._text(_RULE)
            case "heading" | "term" | "summary":
                with self._span(_FORMATS[node.kind]):
                    self._inline(node.children)
            case "document" | "block" | "item":
                self.blocks(node.children, gap)
            case _:
                self._inline(node.children)
        self._line(1)

    @property
    def _leaves_out_pictures(self) -> bool:
        # A bullet needs something behind it.
        return not (self._with_pictures or self._mark)

    def _list(self, node: Node) -> None:
        items = [it for it in node.children if isinstance(it, Node)]
        is_loose = any(
            isinstance(block, Node) and block.kind == "paragraph"
            for item in items
            for block in item.children
        )
        gap = 2 if is_loose else 1
        number = int(node.value) if _NUMBER.fullmatch(node.value) else 1
        for item in items:
            self._line(gap)
            if item.kind != "item":
                self._block(item, gap)
                continue
            task = _TASKS.get(item.value, "")
            mark = f"{number}. {task}" if node.value else task or _BULLET
            self._item(item, mark, " " * mark.index(" ") + " ", gap)
            number += 1

    def _item(self, node: Node, mark: str, indent: str, gap: int = 1) -> None:
        around = self._indent
        self._mark = (self._mark or around) + mark
        self._indent = around + indent
        self.blocks(node.children, gap)
        if self._mark:
            self._start_line()
        self._indent = around

    def _quote(self, node: Node, *, is_folded: bool = False) -> None:
        indent, self._indent = self._indent, ""
        start = self._length
        with self._span(MessageEntity.BLOCKQUOTE) as quote:
            blocks = self._titled(node)
            self.blocks(blocks, gap=2)
        is_long = node.kind == "quote" and self._length - start > _MOST_QUOTED
        if is_folded or is_long:
            quote.type = MessageEntity.EXPANDABLE_BLOCKQUOTE
        self._indent = indent

    def _titled(self, node: Node) -> Sequence[Node | str]:
        """Write the title that a note has, or what can be folded; give what is below it."""
        first, *others = node.children or [""]
        if isinstance(first, Node) and first.kind == "summary":
            self._block(first, gap=1)
            self._is_glued = True
            return others
        if node.kind == "quote" or not (node.value or node.title):
            return node.children
        sign = _NOTE_SIGNS.get(node.value.lower(), "")
        title = node.title if sign else f"{node.value} {node.title}".strip()
        self._text(f"{sign} " if sign else "")
        with self._span(MessageEntity.BOLD):
            self._text(title)
        if title or not (isinstance(first, Node) and first.kind in {"paragraph", "line"}):
            self._line(1)
        self._is_glued = True
        return node.children

    def _code_block(self, node: Node) -> None:
        code = node.text.removeprefix("\n").rstrip("\n")
        if is_blank(code):
            return
        if self._mark:
            self._start_line()
        self._is_glued = False
        self._line(1)
        indent, self._indent = self._indent, ""
        with self._span(MessageEntity.PRE, language=node.value or None):
            self._raw(code)
        self._indent = indent

    def _table(self, node: Node, gap: int) -> None:
        rows: list[list[Node]] = []
        for child in node.children:
            if isinstance(child, Node) and child.kind == "row":
                cells = [it for it in child.children if isinstance(it, Node) and it.kind == "cell"]
                rows.append(cells)
            else:
                self.blocks([child], gap=2)
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        padded = [[*row, *(Node("cell") for _ in range(columns - len(row)))] for row in rows]
        texts = [[write(Node("document", children=[cell])) for cell in row] for row in padded]
        is_plain = not any(
            is_right_to_left(it.text) or any(span.url for span in it.spans)
            for row in texts
            for it in row
        )
        alignments = [cell.value for cell in padded[0]]
        lines = grid([[it.text for it in row] for row in texts], alignments) if is_plain else None
        if lines is None:
            self._records(padded)
        else:
            self._block(Node("code block", children=[lines]), gap)

    def _records(self, rows: Sequence[Sequence[Node]]) -> None:
        """Write a wide table row by row, each cell on a line of its own behind its header."""
        header, *body = rows
        for row in body or [[Node("cell") for _ in header]]:
            self._line(2)
            for head, cell in zip(header, row, strict=True):
                self._line(1)
                has_text = any(it.kind == "image" for it in cell.walk()) or not is_blank(cell.text)
                if has_text or not body:
                    with self._span(MessageEntity.BOLD):
                        self._inline(head.children)
                    if has_text:
                        self._text("" if is_blank(head.text) else ": ")
                        self._inline(cell.children)

    # Text

    def _inline(self, children: Sequence[Node | str]) -> None:
        for child in children:
            if isinstance(child, str):
                self._text(child)
            elif not child.is_textual:
                self._block(child, gap=1)
            elif child.kind in _FORMATS:
                with self._span(_FORMATS[child.kind]):
                    self._inline(child.children)
            else:
                self._special(child)

    def _special(self, node: Node) -> None:
        match node.kind:
            case "break":
                self._break_line()
            case "link" | "image":
                self._link(node)
            case "raised" if signs := raised(node.text):
                self._text(signs)
            case "lowered" if signs := lowered(node.text):
                self._text(signs)
            case "quotation":
                self._inline(["“", *node.children, "”"])
            case _:
                self._inline(node.children)

    def _link(self, node: Node) -> None:
        """Write a link, and tell its address where it would be lost to the reader."""
        if not is_linkable(node.value):
            self._inline(node.children)
            if address := told(node.value, node.text):
                self._text(address if is_blank(node.text) else f" ({address})")
            return
        if node.title.strip().lower() == "preview":
            self._preview = self._preview or node.value
        with self._span(MessageEntity.TEXT_LINK, url=node.value):
            is_seen = any(it.kind == "image" for it in node.walk() if it is not node)
            if is_blank(node.text) and not is_seen:
                self._text(node.value)
            else:
                self._inline(node.children)

    def _text(self, text: str) -> None:
        """Write words, with no spaces at the start of a line and none twice."""
        if self._breaks or self._mark or self._last.isspace():
            text = text.lstrip(" \t\n")
        self._raw(text)

    def _raw(self, text: str) -> None:
        if text:
            self._start_line()
            for waiting in self._awaiting:
                waiting.start = self._length
            self._awaiting.clear()
            self._put(text)

    def _line(self, breaks: int) -> None:
        """See to it that what comes next stands on a new line."""
        if self._length and not (self._mark or self._is_glued):
            self._breaks = max(self._breaks, breaks)

    def _break_line(self) -> None:
        if self._length and not self._mark:
            self._breaks = min(self._breaks + 1, 2)

    def _start_line(self) -> None:
        if self._breaks or not self._length:
            self._strip_line()
            self._put("\n" * self._breaks)
            self._breaks = 0
            if self._mark:
                self._items.append(self._length)
            self._put(self._mark or self._indent)
        self._mark = ""
        self._is_glued = False

    def _strip_line(self) -> None:
        if self._pieces and (stripped := self._pieces[-1].rstrip(" ")):
            self._length -= len(self._pieces[-1]) - len(stripped)
            self._pieces[-1] = stripped

    def _put(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._last = text[-1]

    @contextmanager
    def _span(
        self, kind: str, *, url: str | None = None, language: str | None = None
    ) -> Iterator["_Format"]:
        """Format what is written in here."""
        span = _Format(kind, url, language)
        self._spans.append(span)
        self._awaiting.append(span)
        yield span
        if span in self._awaiting:
            self._awaiting.remove(span)
        else:
            span.end = self._length

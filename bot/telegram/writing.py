"""The tree of a document to a text with formats, line by line as a phone shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from telegram import MessageEntity

from bot.telegram.addresses import is_linkable, told
from bot.telegram.directions import is_right_to_left
from bot.telegram.document import Kind, Node
from bot.telegram.lines import Lines
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

# A longer quote is folded, for people to open.
_MOST_QUOTED = 500


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
    lines = writer.lines
    return Written(lines.text, lines.spans, lines.items, writer.preview)


class _Writer:
    def __init__(self, *, with_pictures: bool) -> None:
        self.lines = Lines()
        self.preview: str | None = None
        self._with_pictures = with_pictures

    # Blocks

    def blocks(self, children: Sequence[Node | str], gap: int) -> None:
        """Write blocks, with so many line breaks between them."""
        for child in children:
            if isinstance(child, str):
                self.lines.write(child)
            else:
                self._block(child, gap)

    def _block(self, node: Node, gap: int) -> None:  # noqa: C901 - one case a kind
        self.lines.begin_line(1 if node.kind in {"line", "definition"} else gap)
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
                self.lines.write(_RULE)
            case "heading" | "term" | "summary":
                with self.lines.format(_FORMATS[node.kind]):
                    self._inline(node.children)
            case "document" | "block" | "item":
                self.blocks(node.children, gap)
            case _:
                self._inline(node.children)
        self.lines.begin_line()

    @property
    def _leaves_out_pictures(self) -> bool:
        # A bullet needs something behind it.
        return not (self._with_pictures or self.lines.mark)

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
            self.lines.begin_line(gap)
            if item.kind != "item":
                self._block(item, gap)
                continue
            task = _TASKS.get(item.value, "")
            mark = f"{number}. {task}" if node.value else task or _BULLET
            self._item(item, mark, " " * mark.index(" ") + " ", gap)
            number += 1

    def _item(self, node: Node, mark: str, indent: str, gap: int = 1) -> None:
        around = self.lines.indent
        self.lines.mark = (self.lines.mark or around) + mark
        self.lines.indent = around + indent
        self.blocks(node.children, gap)
        if self.lines.mark:
            self.lines.start_line()
        self.lines.indent = around

    def _quote(self, node: Node, *, is_folded: bool = False) -> None:
        indent, self.lines.indent = self.lines.indent, ""
        start = self.lines.length
        with self.lines.format(MessageEntity.BLOCKQUOTE) as quote:
            blocks = self._titled(node)
            self.blocks(blocks, gap=2)
        is_long = node.kind == "quote" and self.lines.length - start > _MOST_QUOTED
        if is_folded or is_long:
            quote.type = MessageEntity.EXPANDABLE_BLOCKQUOTE
        self.lines.indent = indent

    def _titled(self, node: Node) -> Sequence[Node | str]:
        """Write the title that a note has, or what can be folded; give what is below it."""
        first, *others = node.children or [""]
        if isinstance(first, Node) and first.kind == "summary":
            self._block(first, gap=1)
            self.lines.is_glued = True
            return others
        if node.kind == "quote" or not (node.value or node.title):
            return node.children
        sign = _NOTE_SIGNS.get(node.value.lower(), "")
        title = node.title if sign else f"{node.value} {node.title}".strip()
        self.lines.write(f"{sign} " if sign else "")
        with self.lines.format(MessageEntity.BOLD):
            self.lines.write(title)
        if title or not (isinstance(first, Node) and first.kind in {"paragraph", "line"}):
            self.lines.begin_line()
        self.lines.is_glued = True
        return node.children

    def _code_block(self, node: Node) -> None:
        code = node.text.removeprefix("\n").rstrip("\n")
        if is_blank(code):
            return
        if self.lines.mark:
            self.lines.start_line()
        self.lines.is_glued = False
        self.lines.begin_line()
        indent, self.lines.indent = self.lines.indent, ""
        with self.lines.format(MessageEntity.PRE, language=node.value or None):
            self.lines.write_raw(code)
        self.lines.indent = indent

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
        lines = _grid(padded)
        if lines is None:
            self._records(padded)
        else:
            self._block(Node("code block", children=[lines]), gap)

    def _records(self, rows: Sequence[Sequence[Node]]) -> None:
        """Write a wide table row by row, each cell on a line of its own behind its header."""
        header, *body = rows
        for row in body or [[Node("cell") for _ in header]]:
            self.lines.begin_line(2)
            for head, cell in zip(header, row, strict=True):
                self.lines.begin_line()
                has_text = any(it.kind == "image" for it in cell.walk()) or not is_blank(cell.text)
                if has_text or not body:
                    with self.lines.format(MessageEntity.BOLD):
                        self._inline(head.children)
                    if has_text:
                        self.lines.write("" if is_blank(head.text) else ": ")
                        self._inline(cell.children)

    # Text

    def _inline(self, children: Sequence[Node | str]) -> None:
        for child in children:
            if isinstance(child, str):
                self.lines.write(child)
            elif not child.is_textual:
                self._block(child, gap=1)
            elif child.kind in _FORMATS:
                with self.lines.format(_FORMATS[child.kind]):
                    self._inline(child.children)
            else:
                self._special(child)

    def _special(self, node: Node) -> None:
        match node.kind:
            case "break":
                self.lines.end_line()
            case "link" | "image":
                self._link(node)
            case "raised" if signs := raised(node.text):
                self.lines.write(signs)
            case "lowered" if signs := lowered(node.text):
                self.lines.write(signs)
            case "quotation":
                self._inline(["“", *node.children, "”"])
            case _:
                self._inline(node.children)

    def _link(self, node: Node) -> None:
        """Write a link, and tell its address where it would be lost to the reader."""
        if not is_linkable(node.value):
            self._inline(node.children)
            if address := told(node.value, node.text):
                self.lines.write(address if is_blank(node.text) else f" ({address})")
            return
        if node.title.strip().lower() == "preview":
            self.preview = self.preview or node.value
        with self.lines.format(MessageEntity.TEXT_LINK, url=node.value):
            is_seen = any(it.kind == "image" for it in node.walk() if it is not node)
            if is_blank(node.text) and not is_seen:
                self.lines.write(node.value)
            else:
                self._inline(node.children)


def _grid(rows: Sequence[Sequence[Node]]) -> str | None:
    """Put cells into columns; None where that is too wide, or would hide or mix up what they say.

    Fixed-width text holds no links, its columns change places in lines from right to left, and in a
    table within a table nobody finds their way.
    """
    if any(it.kind == "table" for row in rows for cell in row for it in cell.walk()):
        return None
    cells = [[write(Node("document", children=[cell])) for cell in row] for row in rows]
    if any(
        is_right_to_left(it.text) or any(span.url for span in it.spans)
        for row in cells
        for it in row
    ):
        return None
    return grid([[it.text for it in row] for row in cells], [cell.value for cell in rows[0]])

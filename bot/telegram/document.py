"""A Markdown text as a tree of what a reader sees, whether Markdown or HTML says so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    # Blocks that hold blocks
    "document", "block", "quote", "note", "details", "list", "item", "definition", "footnote",
    # Blocks that hold a run of text; a line is a paragraph without blank lines around it
    "paragraph", "line", "heading", "term", "summary", "code block", "rule", "gap",
    # Tables
    "table", "row", "cell",
    # Within a run of text
    "bold", "italic", "underline", "strikethrough", "code", "raised", "lowered", "quotation",
    "link", "image", "break", "span",
]  # fmt: skip

_TEXTUAL: frozenset[Kind] = frozenset((
    "bold", "italic", "underline", "strikethrough", "code", "raised", "lowered", "quotation",
    "link", "image", "break", "span",
))  # fmt: skip
_TIGHT: frozenset[Kind] = frozenset(("item", "definition"))
_OF_BLOCKS: frozenset[Kind] = _TIGHT | {
    "document", "block", "quote", "note", "details", "footnote",
}  # fmt: skip

# Deeper ones are shown like those around them: nobody writes them, and every level costs stack.
_MAX_DEPTH = 40


@dataclass(slots=True)
class Node:
    """A piece of the document."""

    kind: Kind
    value: str = ""
    """What its kind needs: an address, a language, a list's first number, an alignment, a label, a
    note's kind."""
    title: str = ""
    """Of a link or image; of a note, in the author's own words."""
    children: list["Node | str"] = field(default_factory=list)

    @property
    def is_textual(self) -> bool:
        """Whether it stands within a run of text."""
        return self.kind in _TEXTUAL

    @property
    def text(self) -> str:
        """All text in it, without formats."""
        return "".join(it if isinstance(it, str) else it.text for it in self.children)

    def walk(self) -> Iterator["Node"]:
        """Give this piece and all below, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    @property
    def is_picture(self) -> bool:
        """Whether it is a paragraph of nothing but images."""
        nodes = [it for it in self.children if isinstance(it, Node) and it.kind != "break"]
        words = [it for it in self.children if isinstance(it, str) and it.strip()]
        is_paragraph = self.kind in {"paragraph", "line"}
        return (
            is_paragraph and bool(nodes) and not words and all(it.kind == "image" for it in nodes)
        )


class Builder:
    """Builds the tree from tags that open and close, those of HTML perhaps in disorder."""

    def __init__(self) -> None:
        self.root = Node("document")
        self._open: list[tuple[str, Node]] = [("", self.root)]

    def add(self, *children: Node | str) -> None:
        """Add what holds nothing that is still to come."""
        self._open[-1][1].children.extend(children)

    def start(self, name: str, node: Node) -> None:
        """Begin a piece, known by a name until it ends; that of an HTML tag begins with <."""
        if len(self._open) < _MAX_DEPTH:
            self.add(node)
            self._open.append((name, node))
        elif not name.startswith("<"):  # Markdown will end it, HTML need not
            self._open.append((name, self._open[-1][1]))

    def end(self, name: str) -> None:
        """End the innermost piece of this name, and what was left open in it.

        A tag of HTML ends nothing that Markdown began, as the other way round it does.
        """
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at][0] == name:
                del self._open[at:]
                return
            if name.startswith("<") and not self._open[at][0].startswith("<"):
                return

    def is_inmost(self, name: str) -> bool:
        """Tell whether the piece that is open is of this name."""
        return self._open[-1][0] == name

    def is_open(self, name: str) -> bool:
        """Tell whether a piece of this name is open."""
        return any(it == name for it, _ in self._open)

    def finished(self) -> Node:
        """Give the whole tree."""
        _put_in_paragraphs(self.root)
        return self.root


def _put_in_paragraphs(node: Node) -> None:
    """Put text that stands among blocks, as HTML allows, into paragraphs."""
    for child in node.children:
        if isinstance(child, Node):
            _put_in_paragraphs(child)
    if node.kind not in _OF_BLOCKS:
        return
    kind: Kind = "line" if node.kind in _TIGHT else "paragraph"
    blocks: list[Node | str] = []
    run: Node | None = None
    for child in node.children:
        if isinstance(child, Node) and not child.is_textual:
            run = None
            if child.kind != "gap":
                blocks.append(child)
        elif run is not None:
            run.children.append(child)
        elif isinstance(child, Node) or child.strip():
            run = Node(kind, children=[child])
            blocks.append(run)
    node.children = blocks

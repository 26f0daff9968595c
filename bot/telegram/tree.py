"""Markdown's tokens to the tree of what a reader sees."""

import re
from collections.abc import Mapping, Sequence

from markdown_it.token import Token

from bot.telegram.document import Builder, Kind, Node
from bot.telegram.html_tags import read_html
from bot.telegram.markdown import parse, soft_break

_KINDS: Mapping[str, Kind] = {
    "heading": "heading",
    "blockquote": "quote",
    "bullet_list": "list",
    "dt": "term",
    "dd": "definition",
    "table": "table",
    "tr": "row",
    "strong": "bold",
    "em": "italic",
    "s": "strikethrough",
}
_NOTE = re.compile(r'\s*(\w*)[\s\[]*"?(.*?)"?\]?\s*')


def read_markdown(source: str) -> Node:
    """Parse Markdown.

    Args:
        source: a text with line feeds for line breaks.
    """
    reader = _Reader()
    reader.read(parse(source))
    return reader.builder.finished()


class _Reader:
    def __init__(self) -> None:
        self.builder = Builder()
        self._soft_break: str | Node = " "

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            name, _, way = token.type.rpartition("_")
            if way == "open":
                node = _node(name, token)
                if node:
                    self.builder.start(name, node)
            elif way == "close":
                self.builder.end(name)
            elif token.type == "inline":
                line_end = soft_break(token.content)
                self._soft_break = Node("break") if line_end == "\n" else line_end
                self.read(token.children or ())
            else:
                self._read_whole(token)

    def _read_whole(self, token: Token) -> None:
        match token.type:
            case "html_inline":
                read_html(token.content, self.builder)
            case "html_block":
                self.builder.add(Node("gap"))
                read_html(token.content, self.builder)
                self.builder.add(Node("gap"))
            case "softbreak":
                self.builder.add(self._soft_break)
            case _:
                self.builder.add(_leaf(token))


def _leaf(token: Token) -> Node | str:  # noqa: PLR0911 - one return a kind of token
    """Give what a token shows that is a whole."""
    match token.type:
        case "hardbreak":
            return Node("break")
        case "code_inline":
            return Node("code", children=[token.content])
        case "image":
            alt = _text(token.children or ())
            return Node("image", str(token.attrs["src"]), _attribute(token, "title"), [alt])
        case "fence" | "code_block":
            language = (token.info.split() or [""])[0]
            return Node("code block", language, children=[token.content])
        case "hr":
            return Node("rule")
        case "footnote_ref":
            return f"[{token.meta['label']}]"
        case "math_inline":
            return f"${token.content}$"
        case "math_block":
            return Node("code block", "latex", children=[token.content])
        case _:
            return token.content


def _node(name: str, token: Token) -> Node | None:  # noqa: PLR0911 - one return a kind of token
    """Give what a token begins; None where it shows nothing by itself."""
    match name:
        case "paragraph":
            return Node("line" if token.hidden else "paragraph")
        case "ordered_list":
            return Node("list", _attribute(token, "start") or "1")
        case "list_item":
            return Node("item", token.meta.get("task", ""))
        case "th" | "td":
            return Node("cell", _attribute(token, "style").removeprefix("text-align:"))
        case "link":
            return Node("link", _attribute(token, "href"), _attribute(token, "title"))
        case "admonition" | "container_note":
            note = _NOTE.fullmatch(token.info)
            kind, title = (note[1], note[2]) if note else ("", token.info)
            return Node("details" if token.markup == "???" else "note", kind, title)
        case "admonition_title":
            return Node("gap")  # the note has it already
        case "footnote_reference":
            return Node("footnote", token.meta["label"])
        case _:
            return Node(_KINDS[name]) if name in _KINDS else None


def _attribute(token: Token, name: str) -> str:
    return str(token.attrs.get(name, ""))


def _text(tokens: Sequence[Token]) -> str:
    """Give an image's description, which may hold formats, as plain text."""
    return "".join(_text(it.children) if it.children else it.content or " " for it in tokens)

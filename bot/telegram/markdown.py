"""Markdown to tokens: CommonMark, what GitHub adds to it, and what documentation tools add."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

_KEYCAP = re.compile("[*#0-9]\ufe0f?\u20e3")
_HEADING_ID = re.compile(r"\s*\{#[^\s{}]+\}\s*$")
_TASK = re.compile(r"\[([ xX])\]\s+")
_NOTE = re.compile(r"\[!(\w+)\][-+]?[^\S\n]*")
_BROAD = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")

# A line shorter than this ends where it does because its author wanted it to.
_LEAST_WRAPPED = 50


class _Parser(MarkdownIt):
    def validateLink(self, _url: str) -> bool:  # noqa: N802 - the library's name
        """Let every address pass; the writer decides what becomes of it."""
        return True


def _keycap(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """Read the keycap *️⃣ as a sign, not as emphasis."""
    keycap = _KEYCAP.match(state.src, state.pos)
    if not keycap:
        return False
    if not silent:
        state.pending += keycap[0]
    state.pos = keycap.end()
    return True


def _parser() -> MarkdownIt:
    parser = _Parser("commonmark").enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    parser.use(deflist_plugin).use(admon_plugin)
    parser.use(container_plugin, "note", validate=lambda kind, _: bool(kind.strip()))
    # A dollar sign is money more often than mathematics.
    parser.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
    )
    parser.inline.ruler.before("emphasis", "keycap", _keycap)
    return parser


_MARKDOWN = _parser()


def parse(source: str) -> list[Token]:
    """Parse a text with line feeds for line breaks.

    Beside what markdown-it gives: an item's `meta` has "task" (" " or "x") where it is one, a quote
    that GitHub shows as a note is an admonition, and the identifier behind a heading is gone.

    Raises:
        RecursionError: it nests too deep to be taken apart.
    """
    tokens = _MARKDOWN.parse(source)
    if any(token.level >= _MARKDOWN.options["maxNesting"] - 1 for token in tokens):
        raise RecursionError  # from here on the parser leaves out text
    for at, token in enumerate(tokens):
        first = tokens[at + 2] if at + 2 < len(tokens) else None
        if token.type == "list_item_open" and first and _begins(first, _TASK):
            token.meta["task"] = _TASK.match(first.content)[1].lower()  # type: ignore[index]
            _cut_start(first, _TASK)
        elif token.type == "blockquote_open" and first and _begins(first, _NOTE):
            _make_note(tokens, at, first)
        elif token.type == "heading_open":
            last = (tokens[at + 1].children or [token])[-1]
            last.content = _HEADING_ID.sub("", last.content)
    return tokens


def soft_break(paragraph: str) -> str:
    r"""Tell what the ends of a paragraph's lines mean: " ", "" or "\n".

    Where each line is as full as it could be, an editor has wrapped them, and their ends mean
    nothing. Elsewhere their author wanted them, as in an address.
    """
    lines = paragraph.split("\n")
    width = max(map(len, lines))
    is_wrapped = width >= _LEAST_WRAPPED and all(
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
        for line, following in pairwise(lines)
        if following.strip()
    )
    if not is_wrapped:
        return "\n"
    return "" if len(_BROAD.findall(paragraph)) > len(paragraph) / 2 else " "


def _begins(token: Token, mark: re.Pattern[str]) -> bool:
    """Tell whether a run of text begins with a mark, not with an escaped one."""
    first = (token.children or [token])[0]
    return token.type == "inline" and bool(
        first.type == "text" and mark.match(token.content) and mark.match(first.content + " ")
    )


def _cut_start(token: Token, mark: re.Pattern[str]) -> None:
    token.content = mark.sub("", token.content, count=1)
    first = (token.children or [token])[0]
    first.content = mark.sub("", first.content + " ", count=1).rstrip(" ") or ""


def _make_note(tokens: Sequence[Token], at: int, first: Token) -> None:
    kind = _NOTE.match(first.content)[1]  # type: ignore[index] # it begins with it
    children = first.children or []
    breaks = [at for at, it in enumerate(children) if it.type in {"softbreak", "hardbreak"}]
    end = breaks[0] if breaks else len(children)
    title = _NOTE.sub("", "".join(it.content for it in children[:end]) + " ", count=1)
    first.children = children[end + 1 :]
    first.content = first.content.partition("\n")[2]
    tokens[at].type, tokens[at].info = "admonition_open", f"{kind} {title}".strip()
    closing = next(it for it in tokens[at:] if it.nesting == -1 and it.level == tokens[at].level)
    closing.type = "admonition_close"

"""A title as readers see it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.faq.draft import MAX_QUESTION
from bot.faq.markdown_titles import leads_back
from bot.text import one_line

_INLINE = MarkdownIt("commonmark").enable("strikethrough")
_LONGEST_NUMBER = 12

_ATTRIBUTES = re.compile(r"\s*\{:?\s*((?:[#.][\w:-]|[\w-]+=)[^{}]*)\}\s*$")
_MDX_ID = re.compile(r"\s*\{/\*\s*#([\w:.-]+)\s*\*/\}\s*$")
_ID = re.compile(r"(?:^|\s)#([^\s{}]+)")


def read_title(markdown: str, environment: dict[str, Any]) -> tuple[str, str | None]:
    """Give a title as plain text, and the id that some writers put behind it: {#id}."""
    if len(markdown) > MAX_QUESTION:
        return one_line(markdown), None  # too long for a question, and maybe for the parser
    id_ = None
    match = _ATTRIBUTES.search(markdown) or _MDX_ID.search(markdown)
    if match:
        markdown = markdown[: match.start()]
        found = match if match.re is _MDX_ID else _ID.search(match[1])
        id_ = found[1] if found else None
    # The environment knows the addresses of links that are defined elsewhere in the file.
    tokens = _INLINE.parseInline(markdown, environment)
    return one_line("".join(_shown(tokens[0].children or ()))), id_


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    """Give what readers see of a title, but for links that only lead to it or back."""
    link: list[str] | None = None
    address = ""
    for token in tokens:
        text = ""
        if token.type in {"text", "code_inline", "image"}:
            text = token.content
        elif token.type in {"softbreak", "hardbreak"}:
            text = " "
        elif token.type == "link_open":
            link, address = [], str(token.attrGet("href") or "")
        elif token.type == "link_close":
            text, link = "".join(link or ()), None
            if address.startswith("#") and leads_back(text):
                text = ""
        if link is None:
            yield text
        elif token.type != "image":  # a badge
            link.append(text)


def is_literal(markdown: str) -> bool:
    r"""Tell a title whose number is escaped, `1\. …`, so that nobody takes it for one."""
    return "\\" in markdown[:_LONGEST_NUMBER] or markdown.startswith("&#")

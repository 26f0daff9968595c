"""The HTML that people put into Markdown, as far as it says something to a reader."""

import html
import re
from collections.abc import Mapping

from bot.telegram.document import Builder, Kind, Node

_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)|<[?!].*?>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*)?/?>""",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""\s%s\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "del", "strike"), "strikethrough"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "caption"), "heading"),
    **dict.fromkeys(("article", "aside", "center", "div", "figure", "footer", "header", "main",
                     "nav", "section", "dl"), "block"),
    **dict.fromkeys(("p", "figcaption"), "paragraph"),
    **dict.fromkeys(("ul", "menu"), "list"),
    **dict.fromkeys(("td", "th"), "cell"),
    "sup": "raised", "sub": "lowered", "q": "quotation",
    "blockquote": "quote", "details": "details", "summary": "summary", "pre": "code block",
    "li": "item", "dt": "term", "dd": "definition", "table": "table", "tr": "row",
}  # fmt: skip
# What HTML lets people leave out: the end of one of these where the next begins, or that of a
# paragraph where any other block does.
_ENDED_BY: Mapping[str, tuple[str, ...]] = {
    "li": ("<li",),
    "dt": ("<dt", "<dd"),
    "dd": ("<dt", "<dd"),
    "td": ("<td", "<th"),
    "th": ("<td", "<th"),
    "tr": ("<td", "<th", "<tr"),
}
# Anything else in angle brackets is more likely a placeholder, such as <name>, than HTML.
_SILENT = re.compile(
    "abbr|audio|button|col|colgroup|font|form|iframe|input|label|mark|object|picture|small|source|"
    "span|svg|tbody|tfoot|thead|time|video|wbr"
)


def read_html(source: str, into: Builder) -> None:
    """Add what tags and text, perhaps no more than one tag, show."""
    source = _UNSEEN.sub("", source)
    position = 0
    for tag in _TAG.finditer(source):
        _read_text(source[position : tag.start()], into)
        _read_tag(tag, into)
        position = tag.end()
    _read_text(source[position:], into)


def _read_text(source: str, into: Builder) -> None:
    if source:
        is_code = into.is_open("<pre")
        into.add(html.unescape(source if is_code else re.sub(r"\s+", " ", source)))


def _read_tag(tag: re.Match[str], into: Builder) -> None:
    name = tag["name"].lower()
    if tag["end"]:
        into.end(f"<{name}")
        return
    is_block = name == "hr" or (name in _KINDS and not Node(_KINDS[name]).is_textual)
    ended = _ENDED_BY.get(name, ("<p",) if is_block else ())
    while any(into.is_inmost(it) for it in ended):
        into.end(next(it for it in ended if into.is_inmost(it)))
    match name:
        case "br":
            into.add(Node("break"))
        case "hr":
            into.add(Node("rule"))
        case "a":
            into.start("<a", Node("link", _attribute(tag[0], "href"), _attribute(tag[0], "title")))
        case "img":
            alt = [_attribute(tag[0], "alt")]
            title = _attribute(tag[0], "title")
            into.add(Node("image", _attribute(tag[0], "src"), title, [*alt]))
        case "ol":
            into.start("<ol", Node("list", _attribute(tag[0], "start") or "1"))
        case _ if name in _KINDS:
            into.start(f"<{name}", Node(_KINDS[name]))
        case _ if not _SILENT.fullmatch(name):
            into.add(tag[0])


def _attribute(tag: str, name: str) -> str:
    """Give an attribute's value, "" where there is none."""
    found = re.search(_ATTRIBUTE % name, tag, re.IGNORECASE)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""

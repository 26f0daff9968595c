"""HTML as it stands in data for web pages, as Markdown: paragraphs, lists, links, bold, code."""

import html
import re

# No pattern here may take more than linear time, whatever the text.
_TAG = re.compile(r"<!--[^<>]*>|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")
_BEGINNING = re.compile(r"\s*<(?:p|div|ul|ol|h[1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SHOWN_LINK = re.compile(r"(?:https?://|mailto:|tel:|/|#|\./)[^\s<>]*", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")
_MANY_LINES = re.compile(r"\n{3,}")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BLOCK_TAGS = "p div section article ul ol table tr blockquote h1 h2 h3 h4 h5 h6 dl dt dd pre"
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_UNSHOWN = frozenset(("script", "style"))
_OTHER_TAGS = "a br hr li span u s img td th tbody"
_KNOWN = frozenset((*_BLOCKS, *_UNSHOWN, *_MARKS, *_OTHER_TAGS.split()))


def is_html(text: str) -> bool:
    """Tell whether a text is HTML as a whole, not Markdown with some tags in it."""
    return bool(_BEGINNING.match(text))


def html_to_markdown(text: str) -> str:
    """Write HTML as Markdown; a text without tags of HTML comes back as it is."""
    if not any((match[2] or "").lower() in _KNOWN for match in _TAG.finditer(text)):
        return html.unescape(text)
    out: list[str] = []
    links: list[str] = []
    unshown, end = "", 0
    for match in _TAG.finditer(text):
        before, end = text[end : match.start()], match.end()
        if not unshown:
            out.append(_SPACES.sub(" ", html.unescape(before)))
        name, closes = (match[2] or "").lower(), bool(match[1])
        if name in _UNSHOWN:
            unshown = "" if closes else unshown or name
        elif not unshown:
            out.append(_mark(match, name, links, closes=closes))
    if not unshown:
        out.append(_SPACES.sub(" ", html.unescape(text[end:])))
    lines = (line.strip() for line in "".join(out).split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _mark(match: re.Match[str], name: str, links: list[str], *, closes: bool) -> str:
    """Give what stands in Markdown for a tag."""
    if name == "a":
        if closes:
            address = links.pop() if links else ""
            return f"]({address})" if address else ""
        found = _HREF.search(match[3])
        address = html.unescape(next(filter(None, found.groups()), "")) if found else ""
        links.append(address if _SHOWN_LINK.fullmatch(address) else "")
        return "[" if links[-1] else ""
    if name in _BLOCKS:
        return "\n\n"
    if name in _KNOWN:
        return {"br": "\n", "hr": "\n\n", "li": "" if closes else "\n- "}.get(
            name, _MARKS.get(name, "")
        )
    return match[0] if name else ""

"""A Markdown parser's events, changed to what a chat message can show.

pyromark gives the events, telegramify-markdown writes them out. In between, headings become bold
paragraphs, links that Telegram would refuse become plain text, and raw HTML becomes its text.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import pyromark
from pyromark.event import Range

from bot.telegram.splitting import is_blank

Event: TypeAlias = Any
"""One of pyromark's events, alone or with the bytes of the source that it comes from."""

# Without formulas (a dollar sign is money here) and footnotes, which the writer has no place for.
_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)

# Telegram's server refuses the whole message for one address that it cannot parse ("Wrong message
# entity"): other schemes, a host without a dot. tdlib: LinkManager::check_link_impl, parse_url.
_LINKABLE = re.compile(
    r"(?:https?://[\w-]+(?:\.[\w-]+)+(?::[1-9]\d{0,3}|:[1-5]\d{4})?|tg://[a-z0-9_-]+)(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_TELLING = re.compile(r"(?:mailto:|tel:)([^\s?]+).*|(https?://\S.*)", re.IGNORECASE)

_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[?!].*?>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*)?/?>""",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""\s%s\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_EMPHASIS = {
    **dict.fromkeys(("b", "strong"), "Strong"),
    **dict.fromkeys(("i", "em"), "Emphasis"),
    **dict.fromkeys(("s", "del", "strike"), "Strikethrough"),
}
_LINE_TAGS = re.compile(
    "article|aside|blockquote|center|d[dlt]|details|div|fig(?:caption|ure)|footer|h[1-6]|header|hr|"
    "li|main|nav|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul"
)
# Anything else in angle brackets is more likely a placeholder, such as <name>, than HTML.
_OTHER_TAGS = re.compile(
    "abbr|audio|button|caption|cite|code|font|form|iframe|input|ins|kbd|label|mark|picture|q|samp|"
    "small|source|span|sub|sup|svg|tt|u|var|video|wbr"
)


@dataclass(slots=True)
class _Link:
    """A link or an image that has begun."""

    address: str
    is_html: bool = False
    is_open: bool = False
    """Whether it is a link for Telegram, too."""
    text: list[str] = field(default_factory=list)


def events(markdown: str) -> Iterator[Event]:
    """Parse Markdown, and give what a chat message can show of it.

    Args:
        markdown: a text that can be encoded, with line feeds for line breaks.
    """
    reader = _Reader(markdown)
    for event, source in pyromark.events_with_range(markdown, options=_OPTIONS):
        yield from reader.change(event, source)


class _Reader:
    def __init__(self, markdown: str) -> None:
        self._source = markdown.encode()
        self._links: list[_Link] = []
        self._lists = 0
        self._is_table = False
        self._is_code = False
        self._html: list[str] = []
        # What the line being written ends with: nothing yet, a text, or a block (code, a table).
        self._line: Literal["", "text", "block"] = ""

    def change(self, event: Event, source: Range) -> Iterator[Event]:
        """Give what stands for one of the parser's events."""
        match event:
            case {"Text": text} | {"Code": text} if not self._is_code:
                yield from self._text(event, text)
            case {"Start": "Strikethrough"} | {"End": "Strikethrough"} if not self._is_struck(
                source
            ):
                yield from self._text({"Text": "~"}, "~")
            case {"Start": {"Link": link} | {"Image": link}}:
                scheme = "mailto:" if link["link_type"] == "Email" else ""
                yield from self._start_link(_Link(scheme + link["dest_url"]))
            case {"End": "Link" | "Image"}:
                yield from self._end_html_links()
                yield from self._end_link()
            case {"InlineHtml": text}:
                yield from self._show_html(text)
            case {"End": "TableCell"}:
                yield from self._end_html_links()
                yield event
            case "SoftBreak" | "HardBreak":
                yield event
                self._line = ""
            case _:
                yield from self._change_block(event, source)

    def _change_block(  # noqa: C901 - one case a kind of block
        self, event: Event, source: Range
    ) -> Iterator[Event]:
        match event:
            case {"Start": {"Heading": _}}:
                yield from self._start_block(({"Start": "Paragraph"}, source))
                yield {"Start": "Strong"}
            case {"End": {"Heading": _}}:
                yield {"End": "Strong"}
                yield from self._end_paragraph()
            case {"Start": "HtmlBlock"}:
                self._html.clear()
            case {"Html": text}:
                self._html.append(text)
            case {"End": "HtmlBlock"}:
                yield from self._html_block(source)
            case {"End": "Paragraph"}:
                yield from self._end_paragraph()
            case {
                "Start": "Paragraph" | {"BlockQuote": _} | {"CodeBlock": _} | {"Table": _} as block
            }:
                self._is_code, self._is_table = "CodeBlock" in block, "Table" in block
                yield from self._start_block((event, source))
            case {"End": "CodeBlock" | "Table"}:
                self._is_code = self._is_table = False
                yield event
                self._line = "block"
            case "Rule":
                yield from self._start_block((event, source))
                self._line = "block"
            case {"Start": {"List": _}} | {"End": {"List": _}}:
                self._lists += 1 if "Start" in event else -1
                yield event, source
            case _:
                if event in ({"Start": "Item"}, {"End": "Item"}):
                    self._line = ""
                yield event

    def _is_struck(self, source: Range) -> bool:
        """Tell two tildes from one, which more often means "about"."""
        return self._source.startswith(b"~~", source["start"])

    def _text(self, event: Event, text: str) -> Iterator[Event]:
        if self._lists and self._line == "block":
            yield "SoftBreak"  # the writer would glue it to the code or the table
        self._line = "text"
        for link in self._links:
            link.text.append(text)
        yield event

    def _start_block(self, event: Event) -> Iterator[Event]:
        if self._lists and self._line:
            yield "SoftBreak"
        self._line = ""
        yield event

    def _end_paragraph(self) -> Iterator[Event]:
        yield from self._end_html_links()
        yield {"End": "Paragraph"}
        self._line = ""

    def _start_link(self, link: _Link) -> Iterator[Event]:
        self._links.append(link)
        # A table becomes fixed-width text, which holds no links.
        link.is_open = not self._is_table and bool(_LINKABLE.fullmatch(link.address))
        if link.is_open:
            yield {"Start": {"Link": {"dest_url": link.address}}}

    def _end_link(self) -> Iterator[Event]:
        """End a link, and tell its address where else it would be lost to the reader."""
        link = self._links.pop()
        shown = "".join(link.text)
        told = _TELLING.fullmatch(link.address)
        address = (told[1] or told[2]) if told else ""
        if is_blank(shown):
            if address:
                yield from self._text({"Text": address}, address)
        elif address and not link.is_open and _without_scheme(address) not in shown:
            yield from self._text({"Text": f" ({address})"}, f" ({address})")
        if link.is_open:
            yield {"End": "Link"}

    def _end_html_links(self) -> Iterator[Event]:
        while self._links and self._links[-1].is_html:
            yield from self._end_link()

    def _html_block(self, source: Range) -> Iterator[Event]:
        line = self._line
        start = list(self._start_block(({"Start": "Paragraph"}, source)))
        shown = [*self._show_html("".join(self._html)), *self._end_html_links()]
        if any("Text" in event for event in shown):
            yield from (*start, *shown)
            yield from self._end_paragraph()
        else:
            self._line = line

    def _show_html(self, source: str) -> Iterator[Event]:
        source = _UNSEEN.sub("", source)
        position = 0
        for tag in _TAG.finditer(source):
            yield from self._html_text(source[position : tag.start()])
            yield from self._html_tag(tag[0], tag["name"].lower(), is_end=bool(tag["end"]))
            position = tag.end()
        yield from self._html_text(source[position:])

    def _html_text(self, source: str) -> Iterator[Event]:
        lines = re.sub(r"\s+", lambda spaces: "\n" if "\n" in spaces[0] else " ", source).split(
            "\n"
        )
        for number, line in enumerate(lines):
            if number:
                yield from self._break_line()
            text = html.unescape(line if self._line else line.lstrip())
            if text:
                yield from self._text({"Text": text}, text)

    def _html_tag(self, tag: str, name: str, *, is_end: bool) -> Iterator[Event]:
        if name == "br":
            yield "SoftBreak"
            self._line = ""
        elif _LINE_TAGS.fullmatch(name):
            yield from self._break_line()
        elif emphasis := _EMPHASIS.get(name):
            yield {"End" if is_end else "Start": emphasis}
        elif name == "a" and is_end:
            if self._links and self._links[-1].is_html:
                yield from self._end_link()
        elif name == "a":
            yield from self._start_link(_Link(_attribute(tag, "href"), is_html=True))
        elif name == "img":
            alt = _attribute(tag, "alt")
            yield from self._start_link(_Link(_attribute(tag, "src"), is_html=True))
            yield from self._text({"Text": alt}, alt)
            yield from self._end_link()
        elif not _OTHER_TAGS.fullmatch(name):
            yield from self._text({"Text": tag}, tag)

    def _break_line(self) -> Iterator[Event]:
        if self._line:
            yield "SoftBreak"
            self._line = ""


def _attribute(tag: str, name: str) -> str:
    """Give an attribute's value, "" where there is none."""
    found = re.search(_ATTRIBUTE % name, tag, re.IGNORECASE)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


def _without_scheme(address: str) -> str:
    return re.sub(r"^https?://", "", address).rstrip("/")

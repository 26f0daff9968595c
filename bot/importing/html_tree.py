"""Reading HTML: bytes to a tree, and a tree's parts to Markdown."""

from collections.abc import Collection, Iterable
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from bot.importing.decoding import decode
from bot.importing.markdown_builder import MarkdownBuilder

_UNSHOWN = frozenset(("button", "label"))
_LINKABLE = frozenset(("http", "https", "mailto", "tel", "tg", "ftp", ""))
_ADMONITION = frozenset(("admonition", "alert", "callout"))


def parse_tree(data: bytes) -> tuple[html.HtmlElement | None, bool]:
    """Parse a page, however broken.

    Returns:
        Its root, None where there is none, and whether it was read to its end.
    """
    text, _ = decode(data)
    # libxml2 ends what it reads at a NUL; and what was decoded must not be decoded again.
    raw = text.replace("\0", " ").encode("utf-8", "replace")
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, ValueError):
        return None, True
    # What is nested deeper than any page (2,048 tags) ends libxml2's reading.
    too_deep = any(
        it.type_name == "ERR_RESOURCE_LIMIT" or "depth" in it.message for it in parser.error_log
    )
    return root, not too_deep


class Addresses:
    """Makes a page's addresses absolute where the page says where it is from."""

    def __init__(self, root: html.HtmlElement) -> None:
        """Look for <base>, <link rel="canonical"> and og:url."""
        canonical = _first(root, "//link[@rel='canonical']/@href") or _first(
            root, "//meta[@property='og:url']/@content"
        )
        base = _first(root, "//base/@href")
        self.base = urljoin(canonical, base) if base else canonical

    def resolve(self, address: str) -> str | None:
        """Give the address to link to; None for one that leads nowhere outside the page."""
        address = "".join(address.split())
        try:
            if self.base:
                address = urljoin(self.base, address)
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme.lower() not in _LINKABLE or not (parts.netloc or parts.path):
            return None
        return address


def to_markdown(
    elements: Iterable[html.HtmlElement],
    addresses: Addresses,
    without: Collection[html.HtmlElement] = (),
) -> str:
    """Write some elements of a page as Markdown, without those to leave out."""
    builder = MarkdownBuilder(addresses.resolve)
    for element in elements:
        feed(element, builder, without)
        builder.boundary()
    return builder.finish()


def feed(
    element: html.HtmlElement,
    builder: MarkdownBuilder,
    without: Collection[html.HtmlElement] = (),
) -> None:
    """Hand an element and all in it to a builder, but not the text behind it."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node in without or node.tag in _UNSHOWN:
            if event == "start":
                walk.skip_subtree()
        elif event == "start":
            builder.start(_tag(node), _attributes(node))
            builder.text(node.text or "")
        else:
            builder.end()
        if event == "end" and node is not element:
            builder.text(node.tail or "")


def plain(elements: Iterable[html.HtmlElement]) -> str:
    """Give the text of some elements on one line."""
    return " ".join(" ".join(it.text_content() for it in elements).split())


def classes(element: html.HtmlElement) -> list[str]:
    """Give an element's classes and its id."""
    return f"{element.get('class', '')} {element.get('id', '')}".lower().split()


def _tag(node: html.HtmlElement) -> str:
    if node.tag == "div" and not _ADMONITION.isdisjoint(classes(node)):
        return "blockquote"
    if node.tag == "p" and "admonition-title" in classes(node):
        return "summary"
    return str(node.tag)


def _attributes(node: html.HtmlElement) -> dict[str, str]:
    attributes = {str(name): str(value) for name, value in node.attrib.items()}
    if node.tag == "pre" and "class" not in attributes:
        # Some highlighters name the language one or two elements further out.
        outer = (
            it.get("class") or "" for it, _ in zip(node.iterancestors(), range(2), strict=False)
        )
        attributes["class"] = " ".join(outer)
    return attributes


def _first(root: html.HtmlElement, path: str) -> str:
    found = root.xpath(path)
    return str(found[0]).strip() if isinstance(found, list) and found else ""

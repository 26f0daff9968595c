"""What on a web page is not its text: navigation, forms, notices, tables of contents."""

import re
from dataclasses import dataclass

from lxml import etree, html

from bot.importing.html_tree import classes, plain

_TAGS = (
    *("script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed"),
    *("nav", "footer", "input", "select", "textarea", "datalist", "dialog", "map", "head"),
)
_ROLES = frozenset(
    (
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
    )
)
_NAMES = re.compile(
    r"(?:[\w-]*[-_])?(?:cookies?|consent|gdpr|breadcrumbs?|navbar|nav|navigation|sidebar|toc|"
    r"tableofcontents|table-of-contents|toctree|toctree-wrapper|pagination|pager|social|newsletter|footer|"
    r"masthead|skip-?links?|headerlink|sphinxsidebar|editsection|edit-section|sr-only|"
    r"visually-hidden|screen-reader-text|backlinks?|shortdescription|related|offcanvas)(?:[-_][\w-]*)?"
)
_SIGNS = re.compile(
    r"(?:[¶#§↑🔗]|(?:back )?(?:to )?(?:the )?top(?: of (?:the )?page)?|edit|permalink|\W*)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\W\d_]+")
_SMALL = 0.4
"""The share of a page's text that is never noise by its name alone."""
_FEWEST_LINKS = 3
_CONTENTS = 0.85
"""The share of its text that a table of contents has in links."""
_LISTS = frozenset(("ul", "ol", "dl", "p", "div", "table", "blockquote", "center", "small"))


@dataclass(slots=True)
class _Measure:
    """How much there is in an element."""

    letters: int = 0
    linked: int = 0
    """Letters in links to places on the same page."""
    links: int = 0
    """Number of these links."""


def remove_noise(root: html.HtmlElement) -> None:
    """Take away what readers of an answer do not want."""
    etree.strip_elements(root, *_TAGS, with_tail=False)
    body = _body(root)
    measures = _measure(body)
    unwanted: list[html.HtmlElement] = []
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element is not body and _is_noise(element, measures[element], measures[body]):
            unwanted.append(element)
            walk.skip_subtree()
    for element in unwanted:
        element.drop_tree()


def _measure(body: html.HtmlElement) -> dict[html.HtmlElement, _Measure]:
    """Measure all elements in one pass, however deep they are."""
    measures: dict[html.HtmlElement, _Measure] = {}
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            measures[element] = _Measure(letters=_letters(element.text))
            continue
        measure, parent = measures[element], element.getparent()
        if element.tag == "a" and element.get("href", "").startswith("#"):
            measure.linked, measure.links = measure.letters, 1
        if parent is not None and element is not body:
            outer = measures[parent]
            outer.letters += measure.letters + _letters(element.tail)
            outer.linked += measure.linked
            outer.links += measure.links
    return measures


def _letters(text: str | None) -> int:
    return len(_LETTERS.sub("", text)) if text else 0


def _is_noise(element: html.HtmlElement, measure: _Measure, whole: _Measure) -> bool:
    if element.tag in {"header", "aside"}:
        return _is_outside_text(element)
    if element.tag == "a":
        return _is_sign(element)
    if element.get("role") in _ROLES or any(map(_NAMES.fullmatch, classes(element))):
        return measure.letters < _SMALL * whole.letters
    # A list of links to places on the same page is its table of contents.
    return (
        element.tag in _LISTS
        and measure.links >= _FEWEST_LINKS
        and measure.linked >= _CONTENTS * measure.letters
    )


def main_text(root: html.HtmlElement) -> html.HtmlElement:
    """Give the part of a page that is its text."""
    for path in ("//main", "//*[@role='main']", "//article"):
        found = root.xpath(path)
        if isinstance(found, list) and len(found) == 1 and isinstance(found[0], html.HtmlElement):
            return found[0]
    return _body(root)


def _body(root: html.HtmlElement) -> html.HtmlElement:
    body = root.find("body")
    return root if body is None else body


def _is_outside_text(element: html.HtmlElement) -> bool:
    if any(it.tag in {"main", "article", "section", "details"} for it in element.iterancestors()):
        return False
    return element.tag == "aside" or element.find(".//h1") is None


def _is_sign(link: html.HtmlElement) -> bool:
    """Tell links that are only signs: to the heading itself, to the top."""
    address = link.get("href", "")
    return (
        address.startswith("#")
        and link.find(".//img") is None
        and bool(_SIGNS.fullmatch(plain([link]).strip(" []()")))
    )

"""What on a web page is not its text: navigation, forms, notices, tables of contents."""

import re
from collections.abc import Collection, Mapping
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
    r"tableofcontents|table-of-contents|toctree|toctree-wrapper|pagination|pager|social|"
    r"newsletter|footer|masthead|skip-?links?|headerlink|sphinxsidebar|editsection|edit-section|"
    r"sr-only|visually-hidden|screen-reader-text|backlinks?|shortdescription|related|offcanvas)"
    r"(?:[-_][\w-]*)?"
)
_SIGNS = re.compile(
    r"(?:back )?(?:to )?(?:the )?top(?: of (?:the )?page)?|toc|contents|index|edit|permalink|\W*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\W\d_]+")
_SMALL = 0.4
"""The share of a page's text that is never noise by its name alone."""
_FEWEST_LINKS = 3
_FEWEST_LINKS_BESIDE = 10
"""Fewer links to other pages may well be an answer."""
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
    linked_beside: int = 0
    """Letters in links to pages of the same folder."""
    links_beside: int = 0
    """Number of these links."""


def remove_unseen(root: html.HtmlElement) -> None:
    """Take away what is no text at all."""
    etree.strip_elements(root, *_TAGS, with_tail=False)


def remove_noise(root: html.HtmlElement) -> None:
    """Take away what readers of an answer do not want."""
    body = _body(root)
    places = {str(it.get(name)) for it in body.iter(etree.Element) for name in ("id", "name")}
    measures = _measure(body, places)
    unwanted: list[html.HtmlElement] = []
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element is not body and _is_noise(element, measures[element], measures[body]):
            unwanted.append(element)
            walk.skip_subtree()
    for link in body.iter("a"):
        run = _run_of_links(link, measures)
        unwanted += run if len(run) >= _FEWEST_LINKS else ()
    for element in unwanted:
        if element.getparent() is not None:
            element.drop_tree()


def _run_of_links(
    link: html.HtmlElement, measures: Mapping[html.HtmlElement, _Measure]
) -> list[html.HtmlElement]:
    """Give a table of contents without a list: links, each on a line, from the first one on."""
    if not measures[link].links or _linked_line(link.getprevious(), measures) is not None:
        return []
    run = [link]
    while (following := _linked_line(run[-1].getnext(), measures, forward=True)) is not None:
        run.append(following)
    return run


def _linked_line(
    line_break: html.HtmlElement | None,
    measures: Mapping[html.HtmlElement, _Measure],
    *,
    forward: bool = False,
) -> html.HtmlElement | None:
    """Give the link on the line before or behind a line break, if nothing else stands there."""
    if line_break is None or line_break.tag != "br" or (line_break.tail or "").strip():
        return None
    link = line_break.getnext() if forward else line_break.getprevious()
    is_alone = link is not None and link.tag == "a" and bool(measures[link].links)
    return link if is_alone else None


def _measure(body: html.HtmlElement, places: Collection[str]) -> dict[html.HtmlElement, _Measure]:
    """Measure all elements in one pass, however deep they are."""
    measures: dict[html.HtmlElement, _Measure] = {}
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            measures[element] = _Measure(letters=_letters(element.text))
            continue
        measure, parent = measures[element], element.getparent()
        if element.tag == "a" and _is_inner(element.get("href", ""), places):
            measure.linked, measure.links = measure.letters, 1
        elif element.tag == "a" and _is_beside(element.get("href", "")):
            measure.linked_beside, measure.links_beside = measure.letters, 1
        if parent is not None and element is not body:
            outer = measures[parent]
            outer.letters += measure.letters + _letters(element.tail)
            outer.linked += measure.linked
            outer.links += measure.links
            outer.linked_beside += measure.linked_beside
            outer.links_beside += measure.links_beside
    return measures


def _is_inner(address: str, places: Collection[str]) -> bool:
    """Tell a link to a place on the same page, even if it names the page's file."""
    page, sign, place = address.partition("#")
    return bool(sign) and (not page or (place in places and not {":", "/"} & set(page)))


def _is_beside(address: str) -> bool:
    """Tell a link to another page of the same folder, such as a book's next chapter."""
    return bool(address) and not {":", "/", "?"} & set(address)


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
    share = measure.linked / max(measure.letters, 1)
    share_beside = (measure.linked + measure.linked_beside) / max(measure.letters, 1)
    is_contents = (
        (measure.links >= _FEWEST_LINKS and share >= _CONTENTS)
        or (measure.links > 1 and share == 1)
        or (measure.links_beside >= _FEWEST_LINKS_BESIDE and share_beside >= _CONTENTS)
    )
    return element.tag in _LISTS and is_contents


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
    opens = any(name.startswith(("data-", "aria-controls")) for name in map(str, link.attrib))
    is_inner = link.get("href", "").startswith("#") and link.find(".//img") is None
    return is_inner and not opens and bool(_SIGNS.fullmatch(plain([link]).strip(" []()")))

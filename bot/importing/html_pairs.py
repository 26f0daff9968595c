"""Where a web page says itself what is a question and what its answer.

By what folds open (details, accordions), by definition lists, by tables of two columns, and by
schema.org's microdata.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree, html

from bot.importing.html_tree import classes, plain
from bot.importing.outline import asks

LONGEST_QUESTION = 300
_QUESTION_CLASS = re.compile(
    r"(?:[\w-]*[-_])?(?:question|(?:accordion|toggle|faq|collapse|panel|qa)[-_]*(?:item)?[-_]*"
    r"(?:title|header|heading|head|button|btn|trigger|summary|label|q|name))(?:[-_](?:text|title|content|wrapper|name))?"
)
_ANSWER_CLASS = re.compile(
    r"(?:[\w-]*[-_])?(?:answer|(?:accordion|toggle|faq|collapse|panel|qa)[-_]*(?:item)?[-_]*"
    r"(?:content|body|panel|collapse|text|a|inner|desc|description|details))(?:[-_](?:text|content|wrapper|body|inner))?"
)
_TARGETS = ("aria-controls", "data-bs-target", "data-target", "href")
_STANDS_OUT = frozenset(("b", "strong", "em", "i", "u"))
_BLOCKS = frozenset(("p", "div", "ul", "ol", "pre", "blockquote", "table"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class HtmlPair:
    """A question on a page with the elements that answer it."""

    anchor: html.HtmlElement
    """The element in whose place it stands; nothing else of it is shown."""
    questions: Sequence[html.HtmlElement]
    answers: Sequence[html.HtmlElement]
    without: Sequence[html.HtmlElement] = field(default=())
    """Elements within the answers that do not belong to them."""


def find_pairs(root: html.HtmlElement) -> list[HtmlPair]:
    """Find all pairs, none within another."""
    found: list[HtmlPair] = []
    asked: set[html.HtmlElement] = set()
    answered: set[html.HtmlElement] = set()
    for find in (_microdata, _details, _controlled, _by_class, _definitions, _tables, _items):
        for pair in find(root):
            question = {it for part in pair.questions for it in part.iter()}
            is_new = question.isdisjoint(asked) and answered.isdisjoint(pair.answers)
            if is_new and 0 < len(plain(pair.questions)) <= LONGEST_QUESTION:
                found.append(pair)
                asked |= question
                answered |= set(pair.answers)
    return _outermost(found)


def _outermost(pairs: Sequence[HtmlPair]) -> list[HtmlPair]:
    """Leave out what stands within an answer, and answers that only group further questions."""
    owners = {answer: pair for pair in pairs for answer in pair.answers}
    within = {
        id(pair): {id(owners[it]) for it in pair.anchor.iterancestors() if it in owners}
        for pair in pairs
    }
    inner = Counter(owner for of_pair in within.values() for owner in of_pair)
    groups = {owner for owner, count in inner.items() if count > 1}
    return [it for it in pairs if id(it) not in groups and not within[id(it)] - groups]


def _microdata(root: html.HtmlElement) -> Iterator[HtmlPair]:
    for question in root.iter(etree.Element):
        if not (question.get("itemtype") or "").rstrip("/").endswith("schema.org/Question"):
            continue
        name = next(
            (it for it in question.iter(etree.Element) if it.get("itemprop") == "name"), None
        )
        answer = next(
            (
                it
                for it in question.iter(etree.Element)
                if "acceptedAnswer" in (it.get("itemprop") or "")
            ),
            None,
        )
        if name is not None and answer is not None:
            text = next(
                (it for it in answer.iter(etree.Element) if it.get("itemprop") == "text"), answer
            )
            yield HtmlPair(question, [name], [text])


def _details(root: html.HtmlElement) -> Iterator[HtmlPair]:
    for details in root.iter("details"):
        summary = details.find("summary")
        if summary is not None:
            yield HtmlPair(details, [summary], [details], [summary])


def _controlled(root: html.HtmlElement) -> Iterator[HtmlPair]:
    """Find what opens another element, as it says for screen readers or to its script."""
    by_id = {it.get("id"): it for it in root.iter(etree.Element) if it.get("id")}
    for trigger in root.iter(etree.Element):
        is_link = trigger.tag == "a" and not (
            trigger.get("data-toggle") or trigger.get("data-bs-toggle")
        )
        names = (trigger.get(name, "") for name in (_TARGETS[:3] if is_link else _TARGETS))
        panels = (by_id.get(name.removeprefix("#")) for name in names if name)
        panel = next((it for it in panels if it is not None), None)
        if panel is None or _holds(panel, trigger) or _holds(trigger, panel):
            continue
        question = trigger
        parent = trigger.getparent()
        if not plain([trigger]) and parent is not None and not _holds(parent, panel):
            question = parent  # a bare arrow beside the question
        yield HtmlPair(question, [question], [panel])


def _holds(outer: html.HtmlElement, inner: html.HtmlElement) -> bool:
    return outer is inner or outer in inner.iterancestors()


def _by_class(root: html.HtmlElement) -> Iterator[HtmlPair]:
    """Find a question and the answer right behind it by what their classes are called."""
    answers = [
        it for it in root.iter(etree.Element) if any(map(_ANSWER_CLASS.fullmatch, classes(it)))
    ]
    holders = {outer for it in answers for outer in it.iterancestors()}
    answers_set = set(answers)
    question: html.HtmlElement | None = None
    for element in root.iter(etree.Element):
        if element in answers_set:
            if question is not None and not _holds(question, element):
                yield HtmlPair(question, [question], [element])
                question = None
        elif element not in holders and any(map(_QUESTION_CLASS.fullmatch, classes(element))):
            is_within = question is not None and _holds(question, element)
            question = question if is_within else element


def _definitions(root: html.HtmlElement) -> Iterator[HtmlPair]:
    for definitions in root.iter("dl"):
        terms: list[html.HtmlElement] = []
        answers: list[html.HtmlElement] = []
        for element in (*definitions.iter("dt", "dd"), None):
            if element is not None and next(element.iterancestors("dl")) is not definitions:
                continue
            if (element is None or element.tag == "dt") and answers:
                if terms:
                    yield HtmlPair(terms[0], terms, answers)
                terms, answers = [], []
            if element is not None and not (answers and _holds(answers[-1], element)):
                (terms if element.tag == "dt" else answers).append(element)


def _tables(root: html.HtmlElement) -> Iterator[HtmlPair]:
    """Find tables of two columns that mostly ask in the first."""
    for table in root.iter("table"):
        rows = [[it for it in row if it.tag in {"td", "th"}] for row in table.iter("tr")]
        pairs = [cells for cells in rows if len(cells) == 2]  # noqa: PLR2004 - question and answer
        asking = sum(asks(plain([cells[0]])) for cells in pairs)
        if asking > 1 and asking * 2 >= len(rows):
            for question, answer in pairs:
                if asks(plain([question])):
                    yield HtmlPair(question, [question], [answer])


def _items(root: html.HtmlElement) -> Iterator[HtmlPair]:
    """Find lists whose items all begin with a line that stands out, and go on below it."""
    for listing in root.iter("ol", "ul"):
        items = listing.findall("li")
        titles = [*map(_title_of_item, items)]
        if len(items) > 1 and None not in titles:
            for item, title in zip(items, titles, strict=True):
                if title is not None:
                    yield HtmlPair(item, [title], [item], [title])


def _title_of_item(item: html.HtmlElement) -> html.HtmlElement | None:
    """Give what stands alone, in bold or italics, on an item's first line."""
    first = next(item.iterchildren(etree.Element), None)
    below = None if first is None else first.getnext()
    if first is None or below is None or first.tag not in _STANDS_OUT or below.tag not in _BLOCKS:
        return None
    around = f"{item.text or ''}{first.tail or ''}"
    return None if around.strip() else first

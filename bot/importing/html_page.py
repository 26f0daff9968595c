"""Web pages: what folds open, definition lists, headings or bold lines ask."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lxml import etree, html

from bot.faq.draft import Parsed
from bot.importing.html_noise import main_text, remove_noise, remove_unseen
from bot.importing.html_pairs import LONGEST_QUESTION, HtmlPair, find_pairs
from bot.importing.html_tree import Addresses, feed, parse_tree, plain, to_markdown
from bot.importing.markdown_builder import MarkdownBuilder
from bot.importing.outline import (
    MAX_TEXT,
    Heading,
    Item,
    Pair,
    Text,
    asks,
    is_numbered,
    is_spoken_question,
    read_outline,
    tell_too_long,
)
from bot.importing.structured_data import read_structured_data
from bot.text import normalise

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BOLD = ("b", "strong")
_BOLD_LEVEL = 6
"""Of bold lines that ask: they stand below all headings."""
_WITHIN_LINE = frozenset(
    ("a", "b", "strong", "i", "em", "u", "font", "span", "small", "big", "code")
)
_ARROWS = " ▼▾▽▲▴△▶▸▷⌄˅⏷↓→➜⊕⊖"
"""What tells at the end of a question that its answer folds open."""
_HALF = 0.5
_SEVERAL = 2
_MANY = 3


def parse(data: bytes, file: str) -> Parsed:
    """Parse a web page."""
    parsed = Parsed(file)
    root, is_complete = parse_tree(data)
    if not is_complete:
        parsed.unreadable(
            1,
            "The tags of this page are nested too deeply, so it was not read to its end.",
            "Open it in a browser, copy what you need into a text, and import that.",
        )
    if root is None:
        return parsed
    addresses = Addresses(root)
    known = read_structured_data(root, addresses)
    remove_unseen(root)
    if len(root.text_content()) > MAX_TEXT:
        tell_too_long(parsed)
        return parsed
    remove_noise(root)
    text = main_text(root)
    visible = Parsed(file)
    items = [it for it in _outline(text, addresses) if not isinstance(it, Text) or it.markdown]
    read_outline(_without_refrain(items), visible)
    folding = {normalise(title) for it in items if isinstance(it, Pair) for title in it.questions}
    _merge(known, visible, folding, parsed)
    return parsed


def _without_refrain(items: Sequence[Item]) -> Sequence[Item]:
    """Drop what all answers end with, such as "Was this helpful?"."""
    endings = {it.answer.rpartition("\n\n")[2] for it in items if isinstance(it, Pair)}
    count = sum(isinstance(it, Pair) for it in items)
    if len(endings) != 1 or count < _MANY:
        return items
    return [
        replace(it, answer=it.answer.rpartition("\n\n")[0] or it.answer)
        if isinstance(it, Pair)
        else it
        for it in items
    ]


def _merge(known: Sequence[Pair], visible: Parsed, folding: Collection[str], into: Parsed) -> None:
    """Take what the page lists for search engines, in the words that it shows if these agree.

    Args:
        known: what the page lists.
        visible: what it shows.
        folding: the titles of what it shows when these are clicked, be they questions or not.
        into: what is to hold both.
    """
    if not known:
        into.drafts, into.problems = visible.drafts, [*into.problems, *visible.problems]
        into.complete = into.complete and visible.complete
        return
    shown = {normalise(draft.questions[0]): draft for draft in visible.drafts}
    for pair in known:
        draft = shown.pop(normalise(pair.questions[0]), None)
        if draft and _HALF < len(draft.answer) / max(len(pair.answer), 1) < 1 / _HALF:
            into.drafts.append(draft)
        else:
            into.add(pair.line, pair.questions, pair.answer, topic=draft.topic if draft else None)
    into.drafts += (
        draft for question, draft in shown.items() if asks(question) or question in folding
    )


@dataclass(frozen=True, slots=True)
class _Marks:
    """What on a page begins something new."""

    headings: Mapping[html.HtmlElement, int]
    """With their levels."""
    pairs: Mapping[html.HtmlElement, HtmlPair]
    hidden: frozenset[html.HtmlElement]
    """What is shown elsewhere, as an answer."""

    def carriers(self) -> set[html.HtmlElement]:
        """Give all elements that hold some of these."""
        found: set[html.HtmlElement] = set()
        for element in (*self.headings, *self.pairs, *self.hidden):
            for outer in element.iterancestors():
                if outer in found:
                    break
                found.add(outer)
        return found


def _outline(text: html.HtmlElement, addresses: Addresses) -> Iterator[Item]:
    """Give a page's headings, pairs, and what stands between."""
    marks = _find_marks(text)
    carriers = marks.carriers()
    around = _around_questions(marks)
    builder = MarkdownBuilder(addresses.resolve)
    line = 1
    is_below = False

    walk = etree.iterwalk(text, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            if node in carriers:
                builder.boundary()
            if node is around:
                last = builder.finish()
                yield Text(line, last)
                is_below = bool(last)
            builder.text((node is not text and node.tail) or "")
            continue
        if node in marks.headings or node in marks.pairs:
            between = builder.finish()
            if not is_below:
                yield Text(line, between)
            is_below = False
            line = node.sourceline or line
            yield from _read_mark(node, marks, addresses, line)
        elif node in carriers or node is text:
            builder.boundary()
            builder.text(node.text or "")
            continue
        elif node not in marks.hidden:
            feed(node, builder)
        walk.skip_subtree()
    if not is_below:
        yield Text(line, builder.finish())


def _around_questions(marks: _Marks) -> html.HtmlElement | None:
    """Give the innermost element around all headings that ask.

    What stands below it, such as the signature of a page, is no part of the last answer.
    """
    asking = [it for it in marks.headings if asks(plain([it]))]
    if len(asking) < _SEVERAL:
        return None
    first, *others = asking
    around = [*first.iterancestors()]
    places = {it: place for place, it in enumerate(around)}
    shared = (next(places[it] for it in other.iterancestors() if it in places) for other in others)
    return around[max(shared)]


def _read_mark(
    node: html.HtmlElement, marks: _Marks, addresses: Addresses, line: int
) -> Iterator[Item]:
    pair = marks.pairs.get(node)
    if pair:
        titles = (plain([it]) for it in pair.questions)
        questions = tuple(filter(None, (it.rstrip(_ARROWS) or it for it in titles)))
        if questions:
            answer = to_markdown(pair.answers, addresses, pair.without)
            yield Pair(line, questions, answer)
    elif title := plain([node]):
        yield Heading(line, marks.headings[node], title)


def _find_marks(text: html.HtmlElement) -> _Marks:
    pairs = find_pairs(text)
    inside = {it for pair in pairs for part in (pair.anchor, *pair.answers) for it in part.iter()}
    around = {it for pair in pairs for it in pair.anchor.iterancestors()}
    headings = {
        it: _LEVELS[str(it.tag)]
        for it in text.iter(*_LEVELS)
        if not any(outer.tag == "blockquote" for outer in it.iterancestors())
    }
    outside = [it for it in headings if it not in inside and it not in around]
    if not _are_the_questions(pairs, outside, text):
        pairs = [*_apart(pairs, outside, text)]
    if not pairs:
        spoken = dict.fromkeys(_bold_questions(text, headings), _BOLD_LEVEL)
        return _Marks(headings | spoken, {}, frozenset())
    hidden = frozenset(
        answer for pair in pairs for answer in pair.answers if answer is not pair.anchor
    )
    return _Marks({it: headings[it] for it in outside}, {it.anchor: it for it in pairs}, hidden)


def _are_the_questions(
    pairs: Sequence[HtmlPair], headings: Sequence[html.HtmlElement], text: html.HtmlElement
) -> bool:
    """Tell whether the pairs are what the page is about, and not parts of answers."""
    asking_pairs = sum(asks(plain(it.questions)) for it in pairs)
    asking_headings = sum(asks(plain([it])) for it in headings)
    if asking_pairs != asking_headings:
        return asking_pairs > asking_headings
    inside = sum(len(plain(it.answers)) for it in pairs)
    return len(pairs) > 1 and inside > _HALF * len(plain([text]))


def _apart(
    pairs: Sequence[HtmlPair], headings: Sequence[html.HtmlElement], text: html.HtmlElement
) -> Sequence[HtmlPair]:
    """Give the pairs that ask, if they all do so beside the headings that ask, not below them."""
    asking = {it.anchor: it for it in pairs if asks(plain(it.questions))}
    of_headings = {it: _LEVELS[str(it.tag)] for it in headings}
    above: list[tuple[int, bool]] = []
    for element in text.iter(etree.Element):
        if element in of_headings:
            level = of_headings[element]
            above = [it for it in above if it[0] < level]
            above.append((level, asks(plain([element]))))
        elif element in asking and any(is_asking for _, is_asking in above):
            return ()
    return [*asking.values()]


def _bold_questions(
    text: html.HtmlElement, headings: Mapping[html.HtmlElement, int]
) -> Sequence[html.HtmlElement]:
    """Find bold texts that begin a line and ask, and paragraphs that begin with Q:."""
    bold = {
        it: title
        for it in text.iter(*_BOLD)
        if (title := plain([it]))
        and len(title) <= LONGEST_QUESTION
        and _begins_line(it)
        and not (headings and any(outer in headings for outer in it.iterancestors()))
    }
    asking = [title for title in bold.values() if asks(title)]
    # Where questions are numbered, those that do not ask ("It does not start") are, too.
    are_numbered = sum(map(is_numbered, asking)) * 2 > len(asking)
    chosen = {
        it for it, title in bold.items() if asks(title) or (are_numbered and is_numbered(title))
    }
    return [*chosen] + [
        it
        for it in text.iter("p", "li", "td", "dt")
        if it.find(".//br") is None
        and len(title := plain([it])) <= LONGEST_QUESTION
        and is_spoken_question(title)
        and chosen.isdisjoint(it.iter(*_BOLD))
    ]


def _begins_line(element: html.HtmlElement) -> bool:
    """Tell whether nothing stands before an element in its line."""
    for outer in chain((element,), element.iterancestors()):
        before = outer.getprevious()
        parent = outer.getparent()
        if before is not None:
            return not (before.tail or "").strip() and before.tag not in _WITHIN_LINE
        if parent is None or (parent.text or "").strip():
            return False
        if parent.tag not in _WITHIN_LINE:
            return True
    return False

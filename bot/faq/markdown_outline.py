"""Which of a Markdown file's sections are entries, and which only group them."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from bot.faq.draft import Parsed
from bot.faq.markdown_hidden import read_comments, tell_misplaced
from bot.faq.markdown_levels import question_level
from bot.faq.markdown_marked import mark_questions
from bot.faq.markdown_marks import has_bare_number, without_bare_number, without_number
from bot.faq.markdown_part import find_faq
from bot.faq.markdown_sections import Document, Section
from bot.faq.markdown_titles import bare, is_asked, is_faq, is_question

_TITLE_LEVEL = 1
_FEWEST_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A section that is an entry."""

    section: Section
    topic: str
    is_whole: bool
    """Whether the sections inside belong to the answer; else they are entries themselves."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document's sections are."""

    title: Section | None
    entries: list[Found]


def read_outline(document: Document, into: Parsed) -> Outline:
    """Find the entries of a document; text that belongs to none becomes a problem."""
    for section in list(document.root.walk()):
        _dissolve(section)
    title = _lone_title(document.root)
    _mark(document.root, title, document)
    read_comments(document, into)
    _drop_numbers(document.root)
    scope = find_faq(document, title, into)
    roots = scope or document.root.sections
    reader = _Reader(title, question_level(roots, title), into)
    for section in roots:
        reader.read(section, ())
    if reader.found and into.complete:
        # Where no entry was found, or the file cannot be read to its end, that alone is told.
        reader.tell_empty()
    _cut_off_closing_words(reader.found, document, into)
    return Outline(title, reader.found)


def _dissolve(section: Section) -> None:
    """Take for text what is folded away, but is no answer to a question of its own."""
    folds = [it for it in section.sections if it.is_fold]
    if not section.is_heading or is_faq(section.title) or not folds:
        return
    titles = {bare(it.title) for it in folds}
    if len(titles) == 1 or is_question(section.title):
        lost = [it for it in folds if not is_question(it.title)]
        section.has_text = section.has_text or any(it.has_text for up in lost for it in up.walk())
        section.sections = [it for it in section.sections if it not in lost]


def _lone_title(root: Section) -> Section | None:
    headings = [it for it in root.walk() if it.is_heading]
    titles = [it for it in root.sections if it.is_heading and it.level == _TITLE_LEVEL]
    if len(titles) != 1 or root.sections[0] is not titles[0]:
        return None
    title = titles[0]
    if (
        len(headings) == 1
        and not is_faq(title.title)
        and not any(it.is_fold for it in title.walk())
    ):
        return None
    return title


def _mark(section: Section, title: Section | None, document: Document) -> None:
    """Make sections of questions that are no headings, but not of those within answers."""
    for inside in section.sections:
        if not is_question(inside.title) or is_faq(inside.title):
            _mark(inside, title, document)
    if section.has_text:
        is_top = not section.level or section is title or is_faq(section.title)
        mark_questions(section, document, is_top=is_top)


def _drop_numbers(root: Section) -> None:
    """Drop what counts the questions; a number without a sign only where many have one."""
    sections = [it for it in root.walk() if it.level]
    for section in sections:
        if not section.is_literal:
            section.title = without_number(section.title)
        section.also = tuple(map(without_number, section.also))
    numbered = [it for it in sections if has_bare_number(it.title) and not it.is_literal]
    if len(numbered) >= _FEWEST_QUESTIONS and 2 * len(numbered) >= len(sections):
        for section in numbered:
            section.title = without_bare_number(section.title)


def _cut_off_closing_words(found: Sequence[Found], document: Document, into: Parsed) -> None:
    """Take what is below the last rule from the last answer, where rules part all answers."""
    if len(found) < _FEWEST_QUESTIONS:
        return
    *others, last = (it.section for it in found)
    rules = [block.start for block in document.blocks if block.kind == "hr"]
    parts = [_between(rules, it.body, it.end) for it in (*others, last)]
    if parts[-1] and all(
        len(it) == 1 and not document.is_text(it[0], section.end)
        for it, section in zip(parts[:-1], others, strict=True)
    ):
        cut = parts[-1][-1]
        if document.is_text(cut, last.end):
            into.warning(
                document.lines[cut].number,
                "What is below this rule was taken for the page's closing words, as rules part the "
                "questions of this file, so no answer shows it.",
                f'If it belongs to the answer to "{last.title}", remove the rule.',
            )
        last.end = cut


def _between(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    return places[bisect.bisect_left(places, start) : bisect.bisect_left(places, end)]


def _leaves(section: Section) -> list[Section]:
    return [it for it in section.walk() if it.has_text]


class _Reader:
    """Goes through the sections, entries and groups."""

    def __init__(self, title: Section | None, level: tuple[int, bool], into: Parsed) -> None:
        self.found: list[Found] = []
        self._empty: list[Section] = []
        self._title = title
        self._level, self._asks = level
        self._into = into

    def read(self, section: Section, above: Sequence[Section]) -> None:
        """Read a section that belongs to no answer."""
        if not section.sections:
            if section.has_text and section is not self._title:
                self._add(section, above)
            elif not section.is_contents:
                self._note_empty(section)
        elif self._is_one_entry(section):
            self._tell_swallowed(section)
            self._add(section, above)
        else:
            self._read_group(section, above)

    def _read_group(self, section: Section, above: Sequence[Section]) -> None:
        is_answer = section.has_text and is_question(section.title) and not is_faq(section.title)
        if is_answer and section is not self._title:
            self._add(section, above, is_whole=False)
        else:
            self._misplaced(section)
            if section.has_text and section is not self._title and not is_faq(section.title):
                self._tell_unused(section)
        for inside in section.sections:
            self.read(inside, (*above, section))

    def _is_one_entry(self, section: Section) -> bool:
        """Tell an answer that is divided by headings from a group of questions."""
        inside = [it for it in section.sections if not it.is_contents and _leaves(it)]
        asked = [it for it in inside if it.is_marked or is_question(it.title) or _is_group(it)]
        if is_faq(section.title) or (
            len(asked) == len(inside) >= _FEWEST_QUESTIONS and not section.has_text
        ):
            return False
        if section is self._title:
            return section.has_text and is_question(section.title) and not asked
        if not inside:
            # Headings are all the text there is, unless they are questions that nobody answered.
            return section.has_text or not any(is_asked(it.title) for it in section.sections)
        if section.level < self._level and section.is_heading:
            return self._is_one_above_the_level(section, asked)
        return is_asked(section.title) or self._is_one_on_the_level(section, inside, asked)

    def _is_one_above_the_level(self, section: Section, asked: Sequence[Section]) -> bool:
        if is_question(section.title) and not asked:
            return True
        has_questions = any(it.level == self._level or not it.is_heading for it in section.walk())
        return section.has_text and not has_questions

    def _is_one_on_the_level(
        self, section: Section, inside: Sequence[Section], asked: Sequence[Section]
    ) -> bool:
        if section.has_text and len(asked) < _FEWEST_QUESTIONS:
            return all(it.is_heading for it in asked)
        is_folded = any(not it.is_heading for it in section.sections)
        is_group = not section.has_text and (is_folded or self._asks)
        return not is_group and 2 * len(asked) <= len(inside)

    def _add(self, section: Section, above: Sequence[Section], *, is_whole: bool = True) -> None:
        titles = [it.title for it in above if it is not self._title and not is_faq(it.title)]
        self.found.append(Found(section, " / ".join(filter(None, titles)), is_whole))
        if is_whole:
            for inside in section.sections:
                for deeper in inside.walk():
                    self._misplaced(deeper)

    def _misplaced(self, section: Section) -> None:
        if section.properties_line:
            tell_misplaced(section.properties_line, self._into)

    def _tell_swallowed(self, section: Section) -> None:
        swallowed = [
            it
            for inside in section.sections
            for it in inside.walk()
            if it.is_heading and is_question(it.title)
        ]
        if len(swallowed) > 1:
            self._into.warning(
                section.line,
                f'The answer to "{section.title}" holds {len(swallowed)} headings that look like '
                f'questions of their own, such as "{swallowed[0].title}".',
                "If they are, begin all question headings of this file with the same number of #, "
                "and leave no text directly below the headings that only group them.",
            )

    def _tell_unused(self, section: Section) -> None:
        """Tell of a text that no answer will ever show."""
        self._into.warning(
            section.line,
            f'The text below "{section.title}" belongs to no question, because there are questions '
            "below it.",
            "Give it a heading of its own that is a question, if people should see it.",
        )

    def _note_empty(self, section: Section) -> None:
        if section is self._title:
            return
        if section.level == self._level or not section.is_heading:
            mend = _mend_empty(section)
            self._into.error(section.line, f'"{section.title}" has no answer.', mend)
        else:
            self._misplaced(section)
            self._empty.append(section)

    def tell_empty(self) -> None:
        """Tell of headings with nothing below them."""
        for section in self._empty:
            self._into.warning(
                section.line,
                f'Below "{section.title}" there is neither an answer nor a question.',
                _mend_empty(section),
            )


def _mend_empty(section: Section) -> str:
    if section.is_underlined:
        return (
            "If it is no question: a line of dashes (---) directly below a text makes a heading of "
            "it, so put a blank line between the two."
        )
    return "Write the answer below the heading, or remove the heading."


def _is_group(section: Section) -> bool:
    """Tell a section of questions that has no text of its own."""
    return (
        bool(section.sections)
        and not section.has_text
        and any(it.is_marked or is_question(it.title) for it in section.sections)
    )

"""Questions that are no headings: which of those that were found a text is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.faq.markdown_finders import Mark, bold, definitions, letters, lines, rows
from bot.faq.markdown_items import items
from bot.faq.markdown_sections import Block, Document, Section
from bot.faq.markdown_titles import is_asked, is_question

_LABEL_LEVEL = 100
_MARKED_LEVEL = 101
_ENOUGH_BELOW_AN_INTRODUCTION = 3
_MOST_LIKELY = 0.8

_FINDERS: Sequence[Callable[[Sequence[Block], Document], Iterator[Mark]]] = (
    letters,
    bold,
    items,
    definitions,
    rows,
    lines,
)


def mark_questions(section: Section, document: Document, *, is_top: bool) -> None:
    """Make sections of the questions in a section's text, if that is what it consists of.

    Args:
        section: with no sections inside but headings.
        document: the file.
        is_top: whether questions are what one expects there, and not in an answer.
    """
    if any(inside.is_fold for inside in section.sections):
        return
    if is_top and section.sections and _divides_answers(section, document):
        section.sections = []
    best = _find(section, document, is_top=is_top)
    if best:
        limit = _limit(section)
        section.sections[:0] = _sections(best, document, limit)
        section.has_text = document.is_text(section.body, best[0].start)


def _divides_answers(section: Section, document: Document) -> bool:
    """Tell headings that divide the answers to questions that are none."""
    headings = section.sections
    groups = (it for it in headings if it.sections and it.sections[0].is_marked and not it.has_text)
    if any(is_asked(it.title) for it in headings) or any(groups):
        return False
    marks = _find(replace(section, sections=[]), document, is_top=True)
    return (
        bool(marks) and marks[0].start < headings[0].start and marks[-1].start > headings[-1].start
    )


def _limit(section: Section) -> int:
    return section.sections[0].start if section.sections else section.end


def _find(section: Section, document: Document, *, is_top: bool) -> list[Mark]:
    limit = _limit(section)
    blocks = [it for it in document.blocks_of(section) if it.start < limit]
    first = _first_text(blocks, document)
    best: list[Mark] = []
    most = 0
    for find in _FINDERS:
        marks = _chosen(list(find(blocks, document)), document, limit)
        starts = [it.start for it in marks[1:]] + [limit]
        count = sum(
            _is_certain(mark) and _is_answered(mark, start, document)
            for mark, start in zip(marks, starts, strict=False)
        )
        is_first = bool(marks) and marks[0].start <= first and find is not lines
        needed = 1 if is_top or is_first else _ENOUGH_BELOW_AN_INTRODUCTION
        if count > most and count >= needed:
            best, most = marks, count
    return best or (_statements(blocks, document) if is_top else [])


def _first_text(blocks: Sequence[Block], document: Document) -> int:
    return next((it.start for it in blocks if document.is_text(it.start, it.end)), 0)


def _is_certain(mark: Mark) -> bool:
    return mark.is_certain or is_question(mark.title)


def _is_answered(mark: Mark, next_start: int, document: Document) -> bool:
    end = next_start if mark.end is None else mark.end
    return bool(mark.lead.strip()) or document.is_text(mark.body, end)


def _chosen(marks: list[Mark], document: Document, limit: int) -> list[Mark]:
    """Keep what asks, and what is a label above questions."""
    if not marks:
        return []
    numbered = [it for it in marks if it.is_numbered]
    if 3 * sum(map(_is_certain, numbered)) >= len(numbered):
        marks = [replace(it, is_certain=it.is_certain or it.is_numbered) for it in marks]
    asked = [it for it in marks if is_asked(it.title) or it.is_certain]
    likely = asked if len(asked) >= _MOST_LIKELY * len(marks) else [*filter(_is_certain, marks)]
    kept = set(map(id, likely))
    starts = [it.start for it in marks[1:]] + [limit]
    for mark, start, after in zip(marks, starts, [*marks[1:], None], strict=True):
        is_label = mark.is_alone and not document.is_text(mark.body, start)
        if is_label and after and id(after) in kept:
            kept.add(id(mark))
    return [it for it in marks if id(it) in kept]


def _statements(blocks: Sequence[Block], document: Document) -> list[Mark]:
    """Find bold lines that ask nothing, where all of a FAQ's text stands below such."""
    for find in (bold, items):
        marks = [it for it in find(blocks, document) if it.is_alone or find is items]
        if len(marks) > 1 and marks[0].start <= _first_text(blocks, document):
            return marks
    return []


def _sections(marks: Sequence[Mark], document: Document, limit: int) -> list[Section]:
    found: list[Section] = []
    label: Section | None = None
    also: list[str] = []
    starts = [it.start for it in marks[1:]] + [limit]
    for mark, start in zip(marks, starts, strict=True):
        title, id_ = document.read_title(mark.title)
        end = start if mark.end is None else mark.end
        has_text = _is_answered(mark, start, document)
        line = document.lines[mark.start].number
        section = Section(_MARKED_LEVEL, line, title, mark.start, mark.body, end)
        section.is_marked, section.has_text, section.id = True, has_text, id_
        section.lead, section.indent = mark.lead, mark.indent
        section.is_quoted, section.is_definition = mark.is_quoted, mark.is_definition
        if has_text or start == limit:
            section.also, also = tuple(also), []
            (label.sections if label else found).append(section)
            if label:
                label.end = end
        elif _is_certain(mark):
            also.append(title)  # two ways to ask for one answer
        else:
            section.level, section.is_marked, label = _LABEL_LEVEL, False, section
            found.append(section)
    return found

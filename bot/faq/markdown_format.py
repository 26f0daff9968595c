"""Markdown: a heading is a question, the text below it the answer.

Any FAQ.md works as it is. The question level of a file is the shallowest heading level that holds
two or more headings with text of their own. Deeper headings belong to the answer, a heading without
text of its own above questions is a topic, and a lone H1 is the title. Whatever text then belongs
to no answer, but for the title's, is told.
"""

from collections.abc import Sequence

from bot.faq.draft import Parsed
from bot.faq.markdown_hidden import tell_misplaced
from bot.faq.markdown_sections import Document, Section, read_document
from bot.faq.properties import Properties

_TITLE_LEVEL = 1


def parse_markdown(text: str, file: str) -> Parsed:
    """Parse a Markdown file."""
    parsed = Parsed(file)
    document = read_document(text, parsed)
    sections = document.sections
    level = _question_level(sections)
    if level is None:
        _tell_no_question(document, parsed)
        return parsed
    title = _lone_title(sections)
    above: list[Section] = []
    number = 0
    while number < len(sections):
        section = sections[number]
        below = _below(sections, number)
        above = [it for it in above if it.level < section.level]
        if _is_question(section, below, level, title):
            topics = [it.title for it in above if it is not title]
            _add_entry([section, *below], " / ".join(topics), title, document, parsed)
            number += 1 + len(below)
            continue
        if section.properties_line:
            tell_misplaced(section.properties_line, parsed)
        if section is not title:
            _tell_unused(section, below, level, parsed)
        above.append(section)
        number += 1
    return parsed


def _question_level(sections: Sequence[Section]) -> int | None:
    levels = [section.level for section in sections if section.has_text]
    for level in sorted(set(levels)):
        if levels.count(level) > 1:
            return level
    # A file of one question, perhaps below a title that has an introduction.
    below_title = [level for level in levels if level > _TITLE_LEVEL]
    return min(below_title or levels, default=None)


def _lone_title(sections: Sequence[Section]) -> Section | None:
    titles = [section for section in sections if section.level == _TITLE_LEVEL]
    return titles[0] if len(titles) == 1 and len(sections) > 1 else None


def _is_question(
    section: Section, below: Sequence[Section], level: int, title: Section | None
) -> bool:
    if section.level == level:
        return not section.is_contents
    # A text that stands higher than the questions, with none below it, is one of its own.
    return (
        section.level < level
        and section is not title
        and section.has_text
        and not any(it.level == level for it in below)
    )


def _below(sections: Sequence[Section], number: int) -> Sequence[Section]:
    """Give the sections that belong to one: all deeper ones up to the next as shallow."""
    end = number + 1
    while end < len(sections) and sections[end].level > sections[number].level:
        end += 1
    return sections[number + 1 : end]


def _add_entry(
    sections: Sequence[Section],
    topic: str,
    title: Section | None,
    document: Document,
    into: Parsed,
) -> None:
    question = sections[0]
    lines = list(question.body)
    for deeper in sections[1:]:
        if deeper.properties_line:
            tell_misplaced(deeper.properties_line, into)
        lines += [*deeper.source, *deeper.body]
    swallowed = [it for it in sections[1:] if it.title.rstrip().endswith("?")]
    if len(swallowed) > 1:
        into.warning(
            question.line,
            f'The answer to "{question.title}" holds {len(swallowed)} headings that look like '
            f'questions of their own, such as "{swallowed[0].title}".',
            "If they are, begin all question headings of this file with the same number of #, and "
            "leave no text directly below the headings that only group them.",
        )
    answer = "\n".join(lines)
    definitions = document.used_definitions(answer)
    if definitions and answer.strip():
        answer = "\n".join([answer.rstrip(), "", *definitions])
    above = Properties(topic=topic or document.defaults.topic or (title.title if title else None))
    properties = question.properties.over(above).over(document.defaults)
    mend_empty = "Write the answer below the heading, or remove the heading."
    if question.is_underlined:
        mend_empty = (
            "If it is no question: a line of dashes (---) directly below a text makes a heading of "
            "it, so put a blank line between the two."
        )
    into.add(
        question.line,
        (question.title, *properties.also),
        answer,
        id=properties.id,
        topic=properties.topic,
        language=properties.language,
        details=properties.details,
        mend_empty=mend_empty,
    )


def _tell_unused(section: Section, below: Sequence[Section], level: int, into: Parsed) -> None:
    """Tell of a heading or a text that no answer will ever show."""
    signs = "#" * level
    if section.has_text:
        into.warning(
            section.line,
            f'The text below "{section.title}" belongs to no question, because the questions of '
            f"this file have headings with {signs}.",
            f"Begin its heading with {signs}, too, if it is a question.",
        )
    elif not below and not section.is_contents:
        into.warning(
            section.line,
            f'Below "{section.title}" there is neither an answer nor a question.',
            "Write the answer below the heading, or remove the heading.",
        )


def _tell_no_question(document: Document, into: Parsed) -> None:
    if not into.complete:
        return  # what comes below the place that was told may hold questions
    if document.sections:
        into.error(
            document.sections[0].line,
            "No heading of this file has an answer below it.",
            "Write each question as a heading, and its answer directly below.",
        )
    elif document.has_preamble:
        into.error(
            1,
            "There is no heading in this file, and so no question.",
            'Write each question as a heading, such as "## When are you open?", and its answer '
            "directly below.",
        )

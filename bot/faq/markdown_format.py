"""Markdown: a heading is a question, the text below it the answer.

Any FAQ.md works as it is. The question level of a file is the shallowest heading level that holds
two or more headings with text of their own. Deeper headings belong to the answer, a heading without
text of its own above questions is a topic, and a lone H1 is the title.
"""

from collections.abc import Sequence

from bot.faq.draft import Parsed
from bot.faq.markdown_sections import Document, Section, read_document

_TITLE_LEVEL = 1


def parse_markdown(text: str, file: str) -> Parsed:
    """Parse a Markdown file."""
    parsed = Parsed(file)
    document = read_document(text, parsed)
    sections = document.sections
    level = _question_level(sections)
    if level is None:
        return parsed
    title = _lone_title(sections)
    above: list[Section] = []
    for number, section in enumerate(sections):
        if section.level > level:
            continue
        above = [it for it in above if it.level < section.level]
        below = _below(sections, number)
        is_question = section.level == level or (
            section.has_text and section is not title and not any(it.level == level for it in below)
        )
        if not is_question:
            above.append(section)
        elif not section.is_contents:
            topics = [it.title for it in above if it is not title]
            _add_entry([section, *below], " / ".join(topics), title, document, parsed)
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
        lines += [*deeper.source, *deeper.body]
    answer = _trim("\n".join(lines))
    definitions = document.used_definitions(answer)
    if definitions:
        answer = "\n".join([answer, "", *definitions])
    properties, defaults = question.properties, document.defaults
    into.add(
        question.line,
        (question.title, *properties.also),
        answer,
        id=properties.id,
        topic=properties.topic or topic or defaults.topic or (title.title if title else None),
        language=properties.language or defaults.language,
    )


def _trim(text: str) -> str:
    """Drop blank lines at both ends, but not the indentation that makes a first line code."""
    lines = text.rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)

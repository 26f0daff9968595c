"""Markdown: a question, be it a heading or written otherwise, and the text below it as its answer.

Any FAQ.md works as it is. The question level of a file is the shallowest heading level that holds
two or more headings with text of their own, unless those of a deeper level ask and these do not.
Deeper headings belong to the answer, a heading above questions is a topic, and a lone H1 is the
title. Questions may also be bold lines, folds, items of lists and more; of a longer document with
a FAQ in it, that part alone counts. Whatever text then belongs to no answer is told.
"""

import re
from dataclasses import replace

from bot.faq.draft import Parsed
from bot.faq.markdown_answer import read_answer
from bot.faq.markdown_hidden import read_defaults, read_front_matter
from bot.faq.markdown_outline import Found, read_outline
from bot.faq.markdown_page import add_page, is_page, language_of
from bot.faq.markdown_sections import Document, Section, read_document
from bot.faq.properties import Properties

_LISTED = re.compile(r"\s*<(?:li|dt|dd|td)\b", re.IGNORECASE)


def parse_markdown(text: str, file: str) -> Parsed:
    """Parse a Markdown file."""
    parsed = Parsed(file)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    fields, first_row = read_front_matter(text, parsed)
    defaults = read_defaults(fields, parsed) if fields else Properties()
    defaults = replace(defaults, language=defaults.language or language_of(file))
    document = read_document(text, first_row, parsed)
    if fields and is_page(fields, document, parsed):
        add_page(fields, defaults, document, parsed)
        return parsed
    outline = read_outline(document, parsed)
    for found in outline.entries:
        _add_entry(found, outline.title, document, defaults, parsed)
    if outline.entries or not parsed.complete:
        return parsed  # what comes below the place that was told may hold questions
    if fields and "title" in fields.values and not document.root.sections:
        add_page(fields, defaults, document, parsed)
    else:
        _tell_no_question(document, parsed)
    return parsed


def _add_entry(
    found: Found,
    title: Section | None,
    document: Document,
    defaults: Properties,
    into: Parsed,
) -> None:
    section = found.section
    end = section.end if found.is_whole or not section.sections else section.sections[0].start
    fallback = defaults.topic or (title.title if title and title is not section else None)
    own = replace(section.properties, id=section.properties.id or section.id)
    properties = own.over(Properties(topic=found.topic or fallback)).over(defaults)
    into.add(
        section.line,
        (section.title, *section.also, *properties.also),
        read_answer(document, section, end),
        id=properties.id,
        topic=properties.topic,
        language=properties.language,
        details=properties.details,
        mend_empty="Write the answer below the question, or remove the question.",
    )


def _tell_no_question(document: Document, into: Parsed) -> None:
    sections = document.root.sections
    if any(_LISTED.match(line.text) for line in document.lines):
        into.error(
            sections[0].line if sections else 1,
            "This file is written in HTML, and no question was found in it.",
            "Take it over with `faqbot import`, which reads web pages.",
        )
    elif sections:
        into.error(
            sections[0].line,
            "No heading of this file has an answer below it.",
            "Write each question as a heading, and its answer directly below.",
        )
    elif document.root.has_text:
        into.error(
            1,
            "There is no heading in this file, and so no question.",
            'Write each question as a heading, such as "## When are you open?", and its answer '
            "directly below.",
        )

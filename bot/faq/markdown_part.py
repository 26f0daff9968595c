"""A FAQ that is a part of a document about other things, such as a README."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.faq.draft import Parsed
from bot.faq.markdown_sections import Document, Section
from bot.faq.markdown_titles import bare, is_faq, is_question

_OF_A_README = frozenset(
    ("install", "installation", "usage", "getting started", "quick start", "features", "license")
)


def find_faq(document: Document, title: Section | None, into: Parsed) -> list[Section]:
    """Find a FAQ within a document about other things; nothing where all of it is a FAQ."""
    if title and is_faq(title.title):
        return []
    parts = list(_faq_sections(document.root, title))
    inside = {id(it) for part in parts for it in part.walk()}
    others = [
        it for it in document.root.walk() if it.is_heading and id(it) not in inside and it.has_text
    ]
    others = [it for it in others if it is not title]
    asked = [it for it in others if is_question(it.title)]
    if not parts or not others or 2 * len(asked) >= len(others):
        return []
    stem = PurePosixPath(into.file).stem.lower()
    if "faq" in stem and "readme" not in stem:
        # The file's name says what it is, unless its headings are those of a README.
        usual = [it for it in others if bare(it.title) in _OF_A_README]
        if not usual or asked:
            return []
    names = ", ".join(f'"{part.title}"' for part in parts)
    into.warning(
        others[0].line,
        f"Only what is below {names} was read, because the rest of this file, such as "
        f'"{others[0].title}", is about other things.',
        "If that belongs to the FAQ as well, put it below the same heading or into another file.",
    )
    return parts


def _faq_sections(section: Section, title: Section | None) -> Iterator[Section]:
    for number, inside in enumerate(section.sections):
        if inside is not title and inside.is_heading and is_faq(inside.title):
            if not inside.sections:
                _adopt(inside, number, section)
            if any(it.has_text for it in inside.sections for it in it.walk()):
                yield inside
                continue
        yield from _faq_sections(inside, title)


def _adopt(faq: Section, number: int, parent: Section) -> None:
    """Put the questions that follow below the heading of a FAQ, where they should have been."""
    asked: list[Section] = []
    for after in parent.sections[number + 1 :]:
        if not is_question(after.title):
            break
        asked.append(after)
    if asked and not faq.has_text:
        faq.sections = asked
        faq.end = asked[-1].end
        del parent.sections[number + 1 : number + 1 + len(asked)]

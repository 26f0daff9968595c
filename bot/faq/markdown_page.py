"""One file an entry: its question in the front matter, its answer below."""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from bot.faq.draft import Parsed
from bot.faq.markdown_answer import read_answer
from bot.faq.markdown_sections import Document
from bot.faq.markdown_titles import bare, is_faq, is_question
from bot.faq.properties import Properties, read_text, read_texts
from bot.faq.yaml_tree import Fields

_TOPICS = ("category", "categories", "section", "group")
_LANGUAGES = ("lang", "locale")
_KEYWORDS = ("tags",)
_CODES_TEXT = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fil fr ga gl gu he hi hr hu hy"
    " id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru"
    " si sk sl sq sr sv sw ta te tg th tk tl tr tt uk ur uz vi yi zh zu"
)
_CODES = frozenset(_CODES_TEXT.split())
_SUFFIX = re.compile(r"(?P<name>.+)\.(?P<code>[A-Za-z]{2,3})(?P<region>[-_][A-Za-z]{2,4})?")


def language_of(file: str) -> str | None:
    """Tell the language that a file's name says: refund.de.md."""
    match = _SUFFIX.fullmatch(PurePosixPath(file).stem)
    if not match or match["code"].lower() not in _CODES:
        return None
    return match["code"].lower() + (match["region"] or "").replace("_", "-")


def is_page(fields: Fields, document: Document, into: Parsed) -> bool:
    """Tell a file that says to be one entry."""
    if "question" in fields.values or "questions" in fields.values:
        return True
    title = read_text(fields, "title", into) or ""
    if not is_question(title) or is_faq(title):
        return False
    headings = [it for it in document.root.walk() if it.level and bare(it.title) != bare(title)]
    return not any(is_question(it.title) for it in headings)


def add_page(fields: Fields, defaults: Properties, document: Document, into: Parsed) -> None:
    """Add the whole file as one entry."""
    title = read_text(fields, "title", into)
    questions = (
        *read_texts(fields, "question", into),
        *read_texts(fields, "questions", into),
    ) or ((title,) if title else ())
    root = document.root
    first = root.sections[0] if root.sections else None
    if (
        first
        and not root.has_text
        and bare(first.title) in {*map(bare, questions), bare(title or "")}
    ):
        root = replace(root, body=first.body)  # the question once more
    answer = read_answer(document, root, root.end)
    if not answer.strip():
        answer = read_text(fields, "answer", into) or ""
    name = _SUFFIX.fullmatch(PurePosixPath(into.file).stem)
    own_id = defaults.id or (name["name"] if name and language_of(into.file) else None)
    details = replace(
        defaults.details,
        keywords=(*defaults.details.keywords, *_first(fields, _KEYWORDS, into)),
        # To other tools these are addresses.
        aliases=tuple(it for it in defaults.details.aliases if "/" not in it),
    )
    language = read_text(fields, "language", into) or next(
        iter(_first(fields, _LANGUAGES, into)), defaults.language
    )
    into.add(
        min(fields.lines.values(), default=1),
        (*questions, *defaults.also),
        answer,
        id=own_id,
        topic=defaults.topic or next(iter(_first(fields, _TOPICS, into)), None),
        language=language,
        details=details,
        mend_empty="Write the answer below the front matter, or remove the file.",
    )


def _first(fields: Fields, keys: tuple[str, ...], into: Parsed) -> tuple[str, ...]:
    return next((texts for key in keys if (texts := read_texts(fields, key, into))), ())

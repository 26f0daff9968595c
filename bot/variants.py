"""In which of its languages an entry is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.language_tags import best_match, primary
from bot.model import Entry, Translation


def in_language(entry: Entry, reads: Sequence[str]) -> Entry:
    """Give an entry as somebody reads it best.

    Args:
        entry: in all its languages.
        reads: the tags of the languages that they read, the dearest first.

    Returns:
        The entry, its questions, its answer and their source those of the first language that it
        has; its own where it has none of them.
    """
    for variant in _wanted(entry, reads):
        if variant is None:
            return entry
        return replace(
            entry,
            questions=variant.questions,
            answer=variant.answer,
            language=variant.language,
            source=variant.source,
        )
    return entry


def only_in(entry: Entry, wished: Sequence[str], faq_languages: Sequence[str]) -> tuple[str, ...]:
    """Give the languages that an entry has, where somebody should be told that theirs is missing.

    That is where the FAQ speaks several languages, and the entry none that they wish. A FAQ of one
    language surprises nobody, and of an entry that does not tell its language nothing is known.

    Args:
        entry: in all its languages.
        wished: the tags of the languages that somebody chose, asked in or has set, if any.
        faq_languages: those of the whole FAQ.
    """
    if not entry.language or not wished or any(True for _ in _wanted(entry, wished)):
        return ()
    has = (entry.language, *(it.language for it in entry.details.translations))
    spoken = {primary(it) for it in (*has, *faq_languages)}
    return has if len(spoken) > 1 else ()


def language_of_phrasing(entry: Entry, phrasing: str) -> str | None:
    """Give the language that one of an entry's phrasings is in; None where nobody says."""
    if phrasing in entry.questions:
        return entry.language
    of = (it.language for it in entry.details.translations if phrasing in it.questions)
    return next(of, None)


def _wanted(entry: Entry, reads: Sequence[str]) -> Iterator[Translation | None]:
    """Give the variants that somebody reads, the best first; None stands for the entry itself."""
    own = {entry.language: None} if entry.language else {}
    variants = {**own, **{it.language: it for it in entry.details.translations}}
    for tag in reads:
        found = best_match(tag, variants)
        if found is not None:
            yield variants[found]

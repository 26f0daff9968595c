"""What stands in the files of a FAQ, as hashes: whether it is what was once rolled back."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from pydantic import TypeAdapter

from bot.model import Details, Entry, Faq, Translation
from bot.publication import Contents

_DETAILS = TypeAdapter(Details)
_NO_DETAILS = Details()


def contents_of(faq: Faq) -> Contents:
    """Hash the entries of each file, whatever their places and their order in it."""
    texts: dict[str, list[str]] = defaultdict(list)
    for entry in faq.entries:
        for file, text in _texts(entry):
            texts[file].append(text)
    return {
        file: hashlib.sha256("\0\0".join(sorted(of_file)).encode()).hexdigest()[:32]
        for file, of_file in sorted(texts.items())
        if not faq.is_broken(file)
    }


def is_as(contents: Contents, faq: Faq) -> bool:
    """Tell whether the files of a FAQ say what they said once, as far as they can be read.

    A file that is broken now says nothing, so it is taken for what it was.
    """
    now = contents_of(faq)
    return all(
        now.get(file) == contents.get(file)
        for file in now.keys() | contents.keys()
        if not faq.is_broken(file)
    )


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give an entry and its translations, each with its file; no two say the same."""
    written = ""
    if entry.details != _NO_DETAILS:
        # Only what was written counts, so that a field that later versions add changes no hash.
        details = replace(entry.details, translations=())
        written = _DETAILS.dump_json(details, exclude_defaults=True).decode()
    yield (
        entry.source.file,
        _joined(entry.id, *entry.questions, "", entry.answer, entry.topic, entry.language, written),
    )
    for it in entry.details.translations:
        yield it.source.file, _translated(entry.id, it)


def _translated(entry_id: str, translation: Translation) -> str:
    return _joined(entry_id, translation.language, *translation.questions, "", translation.answer)


def _joined(*parts: str | None) -> str:
    # Cleaned texts have no such character in them.
    return "\0".join(part or "" for part in parts)

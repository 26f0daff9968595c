"""What a file said before it broke, in the place of what can be read of it now."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.model import Details, Entry, Faq, Translation


def with_last_good(faq: Faq, old: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Put the last good version of each broken file in the place of what could be read of it.

    An entry and its translations may stand in different files; what stands in a sound one is taken
    as it is now.

    Args:
        faq: as read.
        old: the entries as they were served last.

    Returns:
        The entries to serve, and the broken files of which something is kept.
    """
    if not faq.broken_files:
        return faq.entries, ()
    held = {file for entry in old for file in _files(entry) if faq.is_broken(file)}
    if not held:
        return faq.entries, ()
    before = {entry.id: entry for entry in old}
    kept = {entry.id for entry in old if entry.source.file in held}
    # An id that got a number because of an entry that cannot be read now keeps that number.
    numbered = {_identity(entry): entry.id for entry in old if entry.id not in kept}
    entries: dict[str, Entry] = {}
    for entry in faq.entries:
        sound = _part(entry, lambda file: file not in held)
        if sound is not None:
            id_ = numbered.get(_identity(sound), sound.id) if sound.id in kept else sound.id
            entries[id_] = _completed(replace(sound, id=id_), before.get(id_), held)
    for entry in old:
        lost = _part(entry, lambda file: file in held)
        if lost is not None:
            entries.setdefault(entry.id, lost)
    return tuple(entries.values()), tuple(sorted(held))


def _files(entry: Entry) -> set[str]:
    return {entry.source.file, *(it.source.file for it in entry.details.translations)}


def _identity(entry: Entry) -> tuple[object, ...]:
    return entry.source.file, entry.questions, entry.answer


def _part(entry: Entry, is_wanted: Callable[[str], bool]) -> Entry | None:
    """Keep of an entry what stands in some files; None where nothing does."""
    translations = tuple(it for it in entry.details.translations if is_wanted(it.source.file))
    if is_wanted(entry.source.file):
        return _with_translations(entry, translations)
    if not translations:
        return None
    first, *others = translations
    details = Details(translations=tuple(others))
    return Entry(
        entry.id, first.questions, first.answer, None, first.language, first.source, details
    )


def _completed(entry: Entry, before: Entry | None, held: set[str]) -> Entry:
    """Add to what an entry is in sound files what it was in the others."""
    if before is None:
        return entry
    main, further = entry, entry.details.translations
    spoken = {entry.language, *(it.language for it in further)}
    if before.source.file in held and entry.language and before.language not in {None, *spoken}:
        # What is left is a translation of the entry, which itself cannot be read now.
        itself = Translation(entry.language, entry.questions, entry.answer, entry.source)
        main, further = before, (itself, *further)
        spoken.add(before.language)
    lost = (
        it
        for it in before.details.translations
        if it.source.file in held and it.language not in spoken
    )
    return _with_translations(main, (*further, *lost))


def _with_translations(entry: Entry, translations: Sequence[Translation]) -> Entry:
    ordered = tuple(sorted(translations, key=lambda it: it.language))
    if ordered == entry.details.translations:
        return entry
    return replace(entry, details=replace(entry.details, translations=ordered))

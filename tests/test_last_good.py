"""What a broken file said before goes on, whatever stands of an entry in other files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.faq.last_good import with_last_good
from bot.model import Details, Entry, Faq, Source, Translation
from tests.fakes import entry


def _in(language: str, answer: str, file: str) -> Translation:
    return Translation(language, (f"{answer}?",), answer, Source(file, 1))


def _entry(
    answer: str, *further: Translation, file: str = "en.md", language: str | None = "en"
) -> Entry:
    details = Details(translations=tuple(sorted(further, key=lambda it: it.language)))
    return Entry("open", (f"{answer}?",), answer, None, language, Source(file, 1), details)


def _served(old: Sequence[Entry], new: Sequence[Entry], *broken: str) -> tuple[Entry, ...]:
    files = {it.source.file for it in new} | set(broken)
    entries, _ = with_last_good(
        Faq(Path("faq"), tuple(new), (), tuple(sorted(files)), frozenset(broken)), old
    )
    return entries


def test_a_translation_in_a_broken_file_stays() -> None:
    """While the German file is broken, English is as it is now and German as it was."""
    old = _entry("at nine", _in("de", "um neun", "de.md"), _in("fr", "à neuf", "fr.md"))
    now = _entry("at ten", _in("fr", "à dix", "fr.md"))
    assert _served([old], [now], "de.md") == (
        _entry("at ten", _in("de", "um neun", "de.md"), _in("fr", "à dix", "fr.md")),
    )
    # What can be read of the broken file does not count.
    half = _entry("at ten", _in("de", "um z", "de.md"), _in("fr", "à dix", "fr.md"))
    assert _served([old], [half], "de.md") == _served([old], [now], "de.md")
    # Once it is mended, it counts; and what is gone from a sound file is gone.
    assert _served([old], [now]) == (now,)


def test_an_entry_in_a_broken_file_with_a_translation_in_a_sound_one() -> None:
    """While the English file is broken, English is as it was and German as it is now."""
    old = _entry("at nine", _in("de", "um neun", "de.md"))
    expected = (_entry("at nine", _in("de", "um zehn", "de.md")),)
    alone = _entry("um zehn", file="de.md", language="de")
    assert _served([old], [alone], "en.md") == expected
    # Of the English file just as much could be read as shows whose translation it is.
    half = _entry("at", _in("de", "um zehn", "de.md"))
    assert _served([old], [half], "en.md") == expected
    assert _served([old], [], "en.md") == (_entry("at nine"),)
    assert _served([old], [], "en.md", "de.md") == (old,)


def test_a_translation_of_what_never_was_good_stands_alone() -> None:
    """What a sound file says is served, though the entry it belongs to cannot be read."""
    old = entry("other", file="en.md")
    half = _entry("at", _in("de", "um zehn", "de.md"), _in("fr", "à dix", "fr.md"))
    other, alone = sorted(_served([old], [half], "en.md"), key=lambda it: it.id != "other")
    assert other == old
    assert (alone.answer, alone.language) == ("um zehn", "de")
    assert alone.details.translations == (_in("fr", "à dix", "fr.md"),)


def test_a_translation_that_moved_out_of_a_broken_file() -> None:
    """What stands in a sound file now is served from there, and once."""
    old = _entry("at nine", _in("de", "um neun", "de.md"))
    now = _entry("at nine", _in("de", "um zehn", "en.md"))
    assert _served([old], [now], "de.md") == (now,)
    moved = _entry("at ten", file="new.md")
    assert _served([_entry("at nine")], [moved], "en.md") == (moved,)


_languages = st.sampled_from(["de", "en", "fr"])
_files = st.sampled_from(["a.md", "b.md", "c.md"])


@st.composite
def _states(draw: st.DrawFn) -> list[Entry]:
    """Entries that each stand in one or more files, each language in one of them."""
    entries = []
    for id_ in draw(st.lists(st.sampled_from("pqr"), unique=True)):
        spoken = draw(st.lists(_languages, min_size=1, unique=True))
        texts = [(it, f"{id_} {it} {draw(st.integers(0, 2))}", draw(_files)) for it in spoken]
        (language, answer, file), *others = texts
        made = _entry(answer, *(_in(*it) for it in others), file=file, language=language)
        entries.append(replace(made, id=id_))
    return entries


def _pieces(entries: Sequence[Entry]) -> dict[tuple[str, str | None], tuple[str, str]]:
    return {
        (entry.id, language): (answer, file)
        for entry in entries
        for language, answer, file in (
            (entry.language, entry.answer, entry.source.file),
            *((it.language, it.answer, it.source.file) for it in entry.details.translations),
        )
    }


@given(_states(), _states(), st.sets(_files))
def test_sound_files_are_as_they_are_and_broken_ones_as_they_were(
    old: list[Entry], new: list[Entry], broken: set[str]
) -> None:
    """Each language of each entry is what its sound file says, else what its broken one said."""
    before, now = _pieces(old), _pieces(new)
    held = {file for _, file in before.values() if file in broken}
    expected = {key: it for key, it in before.items() if it[1] in held}
    expected |= {key: it for key, it in now.items() if it[1] not in held}
    served = _served(old, new, *broken)
    assert _pieces(served) == expected
    assert len({it.id for it in served}) == len(served)
    for it in served:
        spoken = [translation.language for translation in it.details.translations]
        assert spoken == sorted({*spoken} - {it.language})

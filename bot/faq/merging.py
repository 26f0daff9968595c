"""Bringing an edited export back: what it says differently goes to where the entries stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.faq.draft import Draft
from bot.faq.file_text import Write
from bot.faq.new_files import place_new
from bot.faq.open_faq import OpenFaq, is_table
from bot.model import Details, Entry, Source, Translation
from bot.text import normalise

_DETAILS = (
    *("keywords", "related", "audience", "threshold", "valid_from", "valid_until"),
    *("attachments", "aliases"),
)

_NO_ECHOES: Mapping[str, Entry] = {}
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Imported:
    """An entry of the file that is brought back."""

    entry: Entry
    has_id: bool
    """Whether its id was written there, not made of its question."""


@dataclass(slots=True)
class Merge:
    """What comes of bringing entries back."""

    changed: list[str] = field(default_factory=list)
    """Ids of the entries that say something else now."""
    added: list[str] = field(default_factory=list)
    """Questions of the new entries."""
    removed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Ids of the entries that are not in the file, and stay."""
    unsaid: list[str] = field(default_factory=list)
    """Properties that no entry of the file has, and that stay as they are."""
    problems: list[str] = field(default_factory=list)
    """What could not be done, whole sentences."""
    new_files: list[Write] = field(default_factory=list)


def ids_in_common(faq: OpenFaq, imported: Iterable[Imported]) -> set[str]:
    """Give the ids that were written in a file and are those of entries of the FAQ."""
    known = _by_any_id(faq.entries)
    return {it.entry.id for it in imported if it.has_id and it.entry.id in known}


def merge(
    faq: OpenFaq,
    imported: Sequence[Imported],
    *,
    delete: bool,
    echoes: Mapping[str, Entry] = _NO_ECHOES,
) -> Merge:
    """Gather the edits that make the FAQ say what the imported entries say.

    A property that no imported entry has was not exported, or its column was deleted; it stays as
    it is everywhere.

    Args:
        faq: the FAQ; the edits are gathered there, and nothing is written.
        imported: the entries, in their order.
        delete: whether entries that are not among them go.
        echoes: by id, how entries come back that nobody edited, where that is not as they are; a
            table, for example, keeps no spaces before an answer.
    """
    return _Merger(faq, imported, echoes, delete=delete).run(imported)


class _Merger:
    def __init__(
        self,
        faq: OpenFaq,
        imported: Iterable[Imported],
        echoes: Mapping[str, Entry],
        *,
        delete: bool,
    ) -> None:
        self._faq = faq
        self._echoes = echoes
        self._delete = delete
        self._said = {key for it in imported for key in _has(it.entry)}
        self._result = Merge()

    def run(self, imported: Iterable[Imported]) -> Merge:
        result = self._result
        pairs, new = self._paired(imported)
        for existing in self._faq.entries:
            if existing.id in pairs:
                wanted = _meant(pairs[existing.id], existing, self._echoes.get(existing.id))
                if self._bring_back(existing, wanted):
                    result.changed.append(existing.id)
            elif self._delete:
                self._remove(existing)
            else:
                result.missing.append(existing.id)
        result.added = [entry.question for entry, _ in new]
        result.new_files = place_new(self._faq, new)
        self._faq.keep_ids()
        return result

    def _paired(
        self, imported: Iterable[Imported]
    ) -> tuple[dict[str, Entry], list[tuple[Entry, bool]]]:
        """Find for each imported entry the one that it is; those that are none are new."""
        known = _by_any_id(self._faq.entries)
        by_question = {normalise(it.question): it for it in self._faq.entries}
        pairs: dict[str, Entry] = {}
        new: list[tuple[Entry, bool]] = []
        # Rows without an id come last: such a row may be one that was brought back before.
        for it in sorted(imported, key=lambda it: not it.has_id):
            asked = by_question.get(normalise(it.entry.question))
            existing = known.get(it.entry.id) if it.has_id else asked
            if existing is None or (existing.id in pairs and not it.has_id):
                new.append((it.entry, it.has_id))
            elif existing.id in pairs:
                self._result.problems.append(
                    f'The entry "{existing.id}" stands in the file twice; only the first counts.'
                )
            else:
                pairs[existing.id] = it.entry
        had = {key for id_ in pairs for key in _has(known[id_])}
        self._result.unsaid = sorted(had - self._said)
        return pairs, new

    def _bring_back(self, existing: Entry, wanted: Entry) -> bool:
        """Let an entry say what is wanted; tell whether that is something else."""
        draft = self._faq.draft(existing.source)
        new = replace(
            draft,
            questions=self._questions(existing.questions, wanted.questions),
            answer=wanted.answer,
            topic=wanted.topic if "topic" in self._said else existing.topic,
            language=wanted.language if "language" in self._said else existing.language,
            details=self._details(draft.details, wanted.details),
        )
        self._faq.change(existing.source, new)
        is_changed = new != draft
        before = {it.language: it for it in existing.details.translations}
        after = {it.language: it for it in wanted.details.translations}
        for language in sorted({*before, *after} if "translations" in self._said else ()):
            old, version = before.get(language), after.get(language)
            if old and version:
                is_changed |= self._change_translation(old, version)
            elif version:
                is_changed |= self._add_translation(existing, version)
            elif old and self._delete:
                is_changed |= self._remove_translation(old)
            else:
                self._result.missing.append(f"{existing.id} ({language})")
        return is_changed

    def _questions(self, now: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
        if "also" in self._said:
            return wanted
        return (wanted[0], *(it for it in now[1:] if it != wanted[0]))

    def _details(self, now: Details, wanted: Details) -> Details:
        said = {key: getattr(wanted, key) for key in _DETAILS if key in self._said}
        return replace(now, **said)

    def _change_translation(self, old: Translation, wanted: Translation) -> bool:
        questions = self._questions(old.questions, wanted.questions)
        draft = self._faq.draft(old.source)
        if self._is_inside(old, draft):
            new = replace(old, questions=questions, answer=wanted.answer)
            others = [it for it in draft.details.translations if it.language != old.language]
            self._set_translations(old.source, [*others, new])
        else:
            self._faq.change(old.source, replace(draft, questions=questions, answer=wanted.answer))
        return (questions, wanted.answer) != (old.questions, old.answer)

    def _add_translation(self, existing: Entry, new: Translation) -> bool:
        source, draft = existing.source, self._faq.draft(existing.source)
        if draft.details.translations or is_table(source.file):
            self._set_translations(source, [*draft.details.translations, new])
            return True
        if not draft.language:
            self._result.problems.append(
                f'The entry "{existing.id}" got an answer in the language "{new.language}", but '
                "does not say in which language it is itself, so this answer was left out: fill in "
                "the entry's language, and import again."
            )
            return False
        self._faq.change(source, replace(draft, id=existing.id))
        version = Draft(0, existing.id, new.questions, new.answer, draft.topic, new.language)
        self._faq.of(source.file).added.append((source.line, version))
        return True

    def _remove_translation(self, old: Translation) -> bool:
        draft = self._faq.draft(old.source)
        if self._is_inside(old, draft):
            kept = [it for it in draft.details.translations if it.language != old.language]
            self._set_translations(old.source, kept)
        else:
            self._faq.of(old.source.file).removed.add(old.source.line)
        return True

    @staticmethod
    def _is_inside(translation: Translation, draft: Draft) -> bool:
        """Tell whether a translation stands in the entry itself, not in one of its own."""
        return any(it.language == translation.language for it in draft.details.translations)

    def _set_translations(self, source: Source, those: Iterable[Translation]) -> None:
        draft = self._faq.draft(source)
        in_order = tuple(sorted(those, key=lambda it: it.language))
        details = replace(draft.details, translations=in_order)
        self._faq.change(source, replace(draft, details=details))

    def _remove(self, entry: Entry) -> None:
        for place in (entry.source, *(it.source for it in entry.details.translations)):
            self._faq.of(place.file).removed.add(place.line)
        self._result.removed.append(entry.id)


def _meant(wanted: Entry, existing: Entry, echo: Entry | None) -> Entry:
    """Take what came back as it goes without an edit for what it is in the FAQ."""
    if echo is None:
        return wanted
    now = {it.language: it for it in existing.details.translations}
    as_is = {it.language: it for it in echo.details.translations}
    translations = tuple(
        replace(
            it,
            questions=_same(it.questions, as_is[it.language].questions, now[it.language].questions),
            answer=_same(it.answer, as_is[it.language].answer, now[it.language].answer),
        )
        if it.language in as_is and it.language in now
        else it
        for it in wanted.details.translations
    )
    details = {
        key: _same(*(getattr(it.details, key) for it in (wanted, echo, existing)))
        for key in _DETAILS
    }
    return replace(
        wanted,
        questions=_same(wanted.questions, echo.questions, existing.questions),
        answer=_same(wanted.answer, echo.answer, existing.answer),
        topic=_same(wanted.topic, echo.topic, existing.topic),
        language=_same(wanted.language, echo.language, existing.language),
        details=replace(wanted.details, **details, translations=translations),
    )


def _same(wanted: _Value, echo: _Value, now: _Value) -> _Value:
    return now if wanted == echo else wanted


def _by_any_id(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """Give entries by their ids and former ids; a former one never hides one in use."""
    listed = list(entries)
    former = {alias: entry for entry in listed for alias in entry.details.aliases}
    return former | {entry.id: entry for entry in listed}


def _has(entry: Entry) -> set[str]:
    """Name the properties that an entry has."""
    values = {
        "also": entry.questions[1:],
        "topic": entry.topic,
        "language": entry.language,
        "translations": entry.details.translations,
        **{key: getattr(entry.details, key) for key in _DETAILS},
    }
    return {key for key, value in values.items() if value or value == 0}

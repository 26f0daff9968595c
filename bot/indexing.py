"""FAQ files to the index that is served: difference, embed what changed, replace."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import FaqbotError
from bot.matching.deciding import even_similarity
from bot.matching.matcher import Matcher, texts_to_embed
from bot.matching.storing import dump, is_readable
from bot.model import Details, Entry, Faq, Source, Usage
from bot.ports import Index
from bot.vectors import Vectorizer

_ANYWHERE = Source("", 1)


class EmptyFaqError(FaqbotError):
    """There is nothing to index, and nothing is never what an admin wanted to publish."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one state of the FAQ differs from another, by entry id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What bringing the index up to date has done, or would do."""

    faq: Faq
    """As read, with its problems."""
    difference: Difference
    kept_files: tuple[str, ...]
    """Broken files of which the last good version goes on serving."""
    embedded: int
    reused: int
    usage: Usage
    seconds: float


def difference(old: Sequence[Entry], new: Sequence[Entry]) -> Difference:
    """Compare two states of the FAQ. Where an entry stands in its file does not count."""
    before = {entry.id: entry for entry in old}
    after = {entry.id: entry for entry in new}
    return Difference(
        added=tuple(id_ for id_ in after if id_ not in before),
        changed=tuple(
            id_
            for id_, entry in after.items()
            if id_ in before and _content(entry) != _content(before[id_])
        ),
        removed=tuple(id_ for id_ in before if id_ not in after),
    )


def _content(entry: Entry) -> Entry:
    return replace(entry, source=_ANYWHERE, details=_without_places(entry.details))


def _without_places(details: Details) -> Details:
    translations = tuple(replace(it, source=_ANYWHERE) for it in details.translations)
    return replace(details, translations=translations)


def _ignore(_done: int, _total: int) -> None:
    pass


class Indexer:
    """Brings the index up to date with the FAQ."""

    def __init__(self, vectorizer: Vectorizer, index: Index) -> None:
        self._vectorizer = vectorizer
        self._index = index

    async def preview(self, faq: Faq) -> IndexReport:
        """Tell what an update would do, without embedding or writing anything.

        Raises:
            EmptyFaqError: there is not one entry.
        """
        started = time.perf_counter()
        plan = await asyncio.to_thread(self._plan, faq)
        missing = 0
        if not plan.is_current:
            missing = await asyncio.to_thread(self._vectorizer.missing, plan.texts)
        return IndexReport(
            faq,
            difference(plan.old, plan.entries),
            plan.kept_files,
            missing,
            len(plan.texts) - missing,
            Usage(),
            time.perf_counter() - started,
        )

    async def update(
        self, faq: Faq, progress: Callable[[int, int], None] = _ignore, *, afresh: bool = False
    ) -> IndexReport:
        """Serve this FAQ from now on.

        The old index serves until the new one is complete, whatever happens on the way.

        Args:
            faq: the FAQ as read.
            progress: is told how many of how many texts have been embedded.
            afresh: embed everything again, for a model that changed behind its name.

        Raises:
            EmptyFaqError: there is not one entry.
            EmbedderError: the phrasings could not be embedded.
            IndexBusyError: another process is at it.
        """
        started = time.perf_counter()
        used_before = self._vectorizer.usage
        embedded = 0
        plan = await asyncio.to_thread(self._plan, faq)
        if plan.is_current and not afresh:
            await self._vectorizer.keep(plan.texts)
        else:
            async with self._index.writing():
                # Another process may just have done the same.
                plan = await asyncio.to_thread(self._plan, faq)
                if afresh or not plan.is_current:
                    embedded = await self._replace(plan, progress, afresh=afresh)
        return IndexReport(
            faq,
            difference(plan.old, plan.entries),
            plan.kept_files,
            embedded,
            len(plan.texts) - embedded,
            self._vectorizer.usage - used_before,
            time.perf_counter() - started,
        )

    async def _replace(
        self, plan: "_Plan", progress: Callable[[int, int], None], *, afresh: bool
    ) -> int:
        vectors, embedded = await self._vectorizer.of_faq(plan.texts, progress, afresh=afresh)
        model = self._vectorizer.model
        # Takes up to a few seconds, in which the old index serves on.
        matcher = await asyncio.to_thread(
            Matcher.fit, plan.entries, vectors, even_similarity=even_similarity(model.name)
        )
        phrasings = {text: vectors[text] for it in plan.entries for text in it.phrasings}
        await asyncio.to_thread(
            self._index.replace,
            plan.entries,
            phrasings,
            model,
            fitted=dump(matcher),
            afresh=afresh,
        )
        return embedded

    def _plan(self, faq: Faq) -> "_Plan":
        state = self._index.state()
        old = self._index.entries()
        entries, kept_files = _with_last_good(faq, old)
        if not entries:
            raise EmptyFaqError(_nothing_in(faq))
        return _Plan(
            old,
            entries,
            kept_files,
            is_current=state is not None
            and state.model == self._vectorizer.model
            and entries == old
            and is_readable(self._index.served(state.model).fitted),
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    old: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    kept_files: tuple[str, ...]
    is_current: bool

    @property
    def texts(self) -> list[str]:
        return texts_to_embed(self.entries)


def _with_last_good(faq: Faq, old: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Put the last good version of each broken file in the place of what could be read of it."""
    kept = [entry for entry in old if faq.is_broken(entry.source.file)]
    kept_files = {entry.source.file for entry in kept}
    kept_ids = {entry.id for entry in kept}
    # An id that got a number because of an entry that cannot be read now keeps that number.
    numbered = {_identity(entry): entry.id for entry in old if entry.id not in kept_ids}
    entries = []
    for entry in faq.entries:
        if entry.source.file not in kept_files:
            id_ = numbered.get(_identity(entry), entry.id) if entry.id in kept_ids else entry.id
            entries.append(replace(entry, id=id_))
    taken = {entry.id for entry in entries}
    entries += [entry for entry in kept if entry.id not in taken]
    return tuple(entries), tuple(sorted(kept_files))


def _identity(entry: Entry) -> tuple[object, ...]:
    return entry.source.file, entry.questions, entry.answer


def _nothing_in(faq: Faq) -> str:
    if faq.problems:
        mend = "mend what `faqbot check` finds"
    else:
        mend = (
            'write a Markdown file there, with a heading such as "## When are you open?" for each '
            "question and the answer below it"
        )
    return (
        f"There is no question with an answer in {faq.root}: {mend}. An index that was there "
        "before is left as it is."
    )

"""FAQ files to the index that is served: difference, embed what changed, replace."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.faq.contents import contents_of
from bot.matching.apart import Apart, texts_to_embed
from bot.matching.deciding import even_similarity
from bot.matching.matcher import Matcher
from bot.matching.storing import dump, dump_refreshed, is_edited
from bot.memory import give_back_small_blocks
from bot.model import Entry, Faq, Served, Usage
from bot.planning import Plan, pin_for, plan_update, to_go_back_to
from bot.ports import Index, IndexNotReadyError
from bot.publication import Difference, Pin, Publication, Record
from bot.serving import Serving
from bot.vectors import Vectorizer

# Below that, learning anew takes no longer than people notice.
_FEWEST_TO_REFRESH = 200
_KEEP_SECONDS = 3600.0


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
    entries: tuple[Entry, ...] = ()
    """What serves then."""
    pin: Pin | None = None
    """What kept these files from being published, as they were rolled back."""


@dataclass(frozen=True, slots=True)
class RollbackReport:
    """What going back to an earlier state has done."""

    publication: Publication
    """What serves now."""
    difference: Difference
    """To what served before."""
    is_pinned: bool
    """Whether it stays until the files are others."""
    embedded: int


def _ignore(_done: int, _total: int) -> None:
    pass


class Indexer:
    """Brings the index up to date with the FAQ."""

    def __init__(
        self, vectorizer: Vectorizer, index: Index, serving: Serving | None = None
    ) -> None:
        """Prepare.

        Args:
            vectorizer: embeds the FAQ.
            index: what to bring up to date.
            serving: holds what is served, shared with whoever answers.
        """
        self._vectorizer = vectorizer
        self._index = index
        self._serving = serving or Serving(index, vectorizer.model)
        self._kept: float | None = None

    async def preview(self, faq: Faq, *, force: bool = False) -> IndexReport:
        """Tell what an update would do, without embedding or writing anything.

        Args:
            faq: the FAQ as read.
            force: as for an update.

        Raises:
            EmptyFaqError: there is not one entry.
        """
        started = time.perf_counter()
        plan = await asyncio.to_thread(self._plan, faq, force=force)
        missing = 0
        if not plan.is_current(quickly=True):
            missing = await asyncio.to_thread(self._vectorizer.missing, plan.texts)
        return self._report(faq, plan, missing, Usage(), started)

    async def update(  # noqa: PLR0913 - how it is to be done
        self,
        faq: Faq,
        progress: Callable[[int, int], None] = _ignore,
        *,
        afresh: bool = False,
        force: bool = False,
        quickly: bool = False,
        known: Sequence[Entry] = (),
    ) -> IndexReport:
        """Serve this FAQ from now on.

        The old index serves until the new one is complete, whatever happens on the way.

        Args:
            faq: the FAQ as read.
            progress: is told how many of how many texts have been embedded.
            afresh: embed everything again, for a model that changed behind its name.
            force: serve it even though it was rolled back.
            quickly: after a small edit of a large FAQ, keep what was learnt of the whole of it;
                `refit` is due then.
            known: entries whose ids are former ones of these, for an index that has none yet.

        Raises:
            EmptyFaqError: there is not one entry.
            EmbedderError: the phrasings could not be embedded.
            IndexBusyError: another process is at it.
        """
        started = time.perf_counter()
        used_before = self._vectorizer.usage
        embedded = 0
        plan = await asyncio.to_thread(self._plan, faq, force=force, known=known)
        if plan.is_done(quickly=quickly) and not afresh:
            await self._keep(plan)
        else:
            async with self._index.writing():
                if plan.state is None or await asyncio.to_thread(self._serving.latest) is not (
                    plan.state
                ):
                    # Another process may just have done the same.
                    plan = await asyncio.to_thread(self._plan, faq, force=force, known=known)
                if afresh or not plan.is_current(quickly=quickly):
                    record = Record(plan.difference, contents_of(faq)) if plan.difference else None
                    embedded = await self._replace(
                        plan, record, progress, afresh=afresh, quickly=quickly
                    )
                if plan.lifts_pin and not plan.difference:
                    await asyncio.to_thread(self._index.unpin)
        return self._report(faq, plan, embedded, self._vectorizer.usage - used_before, started)

    async def rollback(
        self,
        number: int | None = None,
        progress: Callable[[int, int], None] = _ignore,
        *,
        quickly: bool = False,
    ) -> RollbackReport:
        """Serve an earlier state again, until the files are others than those that it replaces.

        Args:
            number: which one; None for the one before the one that serves.
            progress: is told how many of how many texts have been embedded.
            quickly: as for an update.

        Raises:
            NoSuchStateError: it is not kept, or serves already.
            EmbedderError: its phrasings could not be embedded.
            IndexBusyError: another process is at it.
        """
        async with self._index.writing():
            history = await asyncio.to_thread(self._index.history)
            publication = to_go_back_to(history, number)
            entries = await asyncio.to_thread(self._index.published, publication.number)
            state = await asyncio.to_thread(self._serving.latest)
            old = state.entries if state else await asyncio.to_thread(self._index.entries)
            plan = Plan(state, old, entries)
            pin = pin_for(history, publication)
            embedded = await self._replace(plan, pin, progress, quickly=quickly)
        return RollbackReport(publication, plan.difference, bool(pin.refused), embedded)

    @property
    def is_refit_due(self) -> bool:
        """Whether something was learnt of another state of the FAQ than the one that serves."""
        state = self._serving.latest()
        return state is not None and bool(state.matcher.edited)

    async def refit(self) -> bool:
        """Learn all anew of the FAQ that serves, as if it had been indexed at once.

        Others may go on publishing meanwhile; their edits are taken over.

        Returns:
            Whether there was anything to do.

        Raises:
            EmbedderError: a vector is not at hand any more, and cannot be made.
            IndexBusyError: another process is at it.
        """
        # What was learnt before is not needed meanwhile, and learning takes much memory.
        self._serving.release()
        served = await asyncio.to_thread(self._served)
        if served is None or not is_edited(served.refreshed):
            return False
        entries = served.entries
        fitted, _ = await self._learnt(entries, texts_to_embed(entries), _ignore)
        async with self._index.writing():
            now = await asyncio.to_thread(self._served)
            edit = fitted.edit(entries, now.entries) if now else None
            if now is None or edit is None:
                return False  # it is another FAQ by now, of which all is being learnt already
            vectors, _ = await self._vectorizer.of_faq(texts_to_embed(edit.changed), _ignore)
            matcher = await asyncio.to_thread(fitted.refreshed, edit, vectors)
            await self._write(now.entries, matcher, fitted, None)
        return True

    async def _replace(
        self,
        plan: Plan,
        state: Record | Pin | None,
        progress: Callable[[int, int], None],
        *,
        afresh: bool = False,
        quickly: bool = False,
    ) -> int:
        """Embed what is new and serve it; give how many texts were embedded."""
        if plan.state and not afresh:
            edit = await asyncio.to_thread(
                plan.state.matcher.edit, plan.state.entries, plan.entries
            )
            is_large = sum(len(it.phrasings) for it in plan.entries) >= _FEWEST_TO_REFRESH
            if edit and ((quickly and is_large) or not edit.edited):
                texts = texts_to_embed(edit.changed)
                vectors, embedded = await self._vectorizer.of_faq(texts, progress)
                # Else the same name stands for another model now.
                if all(len(it) == plan.state.matcher.dimensions for it in vectors.values()):
                    matcher = await asyncio.to_thread(plan.state.matcher.refreshed, edit, vectors)
                    await self._write(plan.entries, matcher, None, state)
                    return embedded
        matcher, embedded = await self._learnt(plan.entries, plan.texts, progress, afresh=afresh)
        await self._write(plan.entries, matcher, matcher, state, afresh=afresh)
        return embedded

    async def _keep(self, plan: Plan) -> None:
        """Note, but not all the time, that what serves is still in use."""
        now = time.monotonic()
        if self._kept is None or now - self._kept > _KEEP_SECONDS:
            self._kept = now
            await self._vectorizer.keep(plan.texts)

    def _served(self) -> Served | None:
        try:
            return self._index.served(self._vectorizer.model, with_fitted=False)
        except IndexNotReadyError:
            return None

    async def _learnt(
        self,
        entries: Sequence[Entry],
        texts: Sequence[str],
        progress: Callable[[int, int], None],
        *,
        afresh: bool = False,
    ) -> tuple[Matcher, int]:
        """Embed what is new and learn all of a FAQ; give how many texts were embedded, too."""
        vectors, embedded = await self._vectorizer.of_faq(texts, progress, afresh=afresh)
        apart = await asyncio.to_thread(Apart.of_faq, entries, vectors)
        # They stand in there once more, and learning takes enough memory as it is.
        del vectors
        await asyncio.to_thread(give_back_small_blocks)
        # Takes up to a minute, in which the old index serves on.
        even = even_similarity(self._vectorizer.model.name)
        return await asyncio.to_thread(Matcher.of, apart, even_similarity=even), embedded

    async def _write(
        self,
        entries: tuple[Entry, ...],
        matcher: Matcher,
        fitted: Matcher | None,
        state: Record | Pin | None,
        *,
        afresh: bool = False,
    ) -> None:
        """Write an index.

        Args:
            entries: the whole FAQ.
            matcher: what is to serve.
            fitted: what was learnt of the whole FAQ, or of one that differs little; None where that
                stands in the index.
            state: as for `Index.replace`.
            afresh: take over every vector.
        """
        before = self._index.state()
        self._serving.expect(before.generation + 1 if before else 1, entries, matcher)
        try:
            await asyncio.to_thread(
                self._index.replace,
                entries,
                matcher.phrasing_vectors(),
                self._vectorizer.model,
                fitted=dump(fitted) if fitted else None,
                refreshed=dump_refreshed(matcher),
                afresh=afresh,
                state=state,
            )
            await asyncio.to_thread(self._serving.current)
        finally:
            self._serving.forget_expected()

    def _plan(self, faq: Faq, *, force: bool, known: Sequence[Entry] = ()) -> Plan:
        return plan_update(faq, self._serving.latest(), self._index, force=force, known=known)

    @staticmethod
    def _report(faq: Faq, plan: Plan, embedded: int, usage: Usage, started: float) -> IndexReport:
        return IndexReport(
            faq,
            plan.difference,
            plan.kept_files,
            embedded,
            len(plan.texts) - embedded,
            usage,
            time.perf_counter() - started,
            plan.entries,
            plan.pin,
        )

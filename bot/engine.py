"""The whole engine on real parts: reads the FAQ, serves it, answers from it."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answering import Answerer
from bot.errors import FaqbotError
from bot.faq.folder import FaqPathError, Fingerprint, Remembered, fingerprint, read_faq
from bot.faq.small_talk import SMALL_TALK
from bot.indexing import Indexer, IndexReport, RollbackReport
from bot.matching import language
from bot.matching.deciding import Policy
from bot.matching.explaining import Explanation
from bot.model import Entry, Faq, Outcome, Query, Scoring
from bot.planning import EmptyFaqError
from bot.ports import Embedder
from bot.publication import History
from bot.reactions import ChangedReaction, changed_reactions
from bot.serving import Serving
from bot.settings import Precision, Settings
from bot.small_talk import SmallTalk
from bot.storage.database import make_data_folder
from bot.storage.index import SqliteIndex
from bot.storage.vector_cache import SqliteVectorCache
from bot.vectors import Vectorizer


class Engine:
    """The whole engine on real parts."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.settings = settings
        self.embedder = embedder
        make_data_folder(settings.data_path)
        make_data_folder(settings.index_path.parent)
        self._cache = open_cache(settings)
        self.index = SqliteIndex(settings.index_path)
        self.vectorizer = Vectorizer(embedder, self._cache)
        serving = Serving(self.index, embedder.model)
        self.answerer = Answerer(self.vectorizer, self.index, policy_of(settings), serving)
        self._indexer = Indexer(self.vectorizer, self.index, serving)
        self.small_talk = SmallTalk(self.vectorizer)
        self._seen: Fingerprint | None = None
        self._remembered: Remembered = {}

    async def close(self) -> None:
        """Let go of files and connections."""
        await self.embedder.close()
        self.index.close()
        self._cache.close()

    async def warm_up(self) -> None:
        """Load what is slow to load, so that the first question does not wait for it."""
        await asyncio.gather(self.embedder.warm_up(), asyncio.to_thread(language.warm_up))

    def has_news(self) -> bool:
        """Tell, without reading it, whether the FAQ may have changed since the last update."""
        return fingerprint(self.settings.faq_path) != self._seen

    async def update(
        self,
        progress: Callable[[int, int], None],
        *,
        afresh: bool = False,
        force: bool = False,
        quickly: bool = False,
        known: Sequence[Entry] = (),
    ) -> IndexReport:
        """Read the FAQ and serve it.

        Args:
            progress: is told how many of how many texts have been embedded.
            afresh: embed everything again, whatever is at hand.
            force: serve it even though it was rolled back.
            quickly: be soon done after a small edit; `refit` may be due then.
            known: entries whose former ids count, for an index that has none yet.

        Raises:
            FaqbotError: it cannot be served; the old index serves on.
        """
        seen = fingerprint(self.settings.faq_path)
        report = await self._indexer.update(
            await self._read(),
            progress,
            afresh=afresh,
            force=force,
            quickly=quickly,
            known=known,
        )
        self._seen = seen
        return report

    async def _read(self) -> Faq:
        faq = await asyncio.to_thread(read_faq, self.settings.faq_path, self._remembered)
        if not faq.is_broken(SMALL_TALK):
            self.small_talk.serve(faq.small_talk)
        return faq

    async def rollback(
        self,
        number: int | None,
        progress: Callable[[int, int], None],
        *,
        quickly: bool = False,
    ) -> RollbackReport:
        """Serve an earlier state of the FAQ again.

        Args:
            number: which one; None for the one before the one that serves.
            progress: is told how many of how many texts have been embedded.
            quickly: as for an update.

        Raises:
            FaqbotError: that cannot be done; what served before serves on.
        """
        return await self._indexer.rollback(number, progress, quickly=quickly)

    @property
    def is_refit_due(self) -> bool:
        """Whether a quick update has left something to learn."""
        return self._indexer.is_refit_due

    async def refit(self) -> bool:
        """Learn of the FAQ that serves what a quick update has left; tell whether there was any.

        Raises:
            FaqbotError: it could not be done; what serves serves on.
        """
        return await self._indexer.refit()

    async def update_or_keep(
        self, progress: Callable[[int, int], None]
    ) -> IndexReport | FaqbotError:
        """Serve the FAQ as it is now, or else the old index; give the reason for that.

        Raises:
            FaqbotError: it cannot be served, and there is no old index.
        """
        seen = fingerprint(self.settings.faq_path)
        try:
            return await self.update(progress, quickly=True)
        except FaqbotError as error:
            state = self.index.state()
            if state is None or state.model != self.embedder.model:
                raise
            if isinstance(error, FaqPathError | EmptyFaqError):
                # Only an edit mends these; anything else may be well again at the next question.
                self._seen = seen
            return error

    async def preview(self, *, force: bool = False) -> IndexReport:
        """Tell what an update would do.

        Raises:
            FaqbotError: the FAQ cannot be read, or is empty.
        """
        return await self._indexer.preview(await self._read(), force=force)

    async def foretell(
        self,
        report: IndexReport,
        queries: Sequence[Query],
        progress: Callable[[int, int], None],
    ) -> tuple[ChangedReaction, ...]:
        """Tell which questions would be reacted to in another way, were a preview published.

        Raises:
            FaqbotError: what is new could not be embedded.
        """
        with tempfile.TemporaryDirectory(prefix="faqbot-") as folder:
            index = SqliteIndex(Path(folder, "index.sqlite"))
            try:
                candidate = replace(report.faq, entries=report.entries, broken_files=frozenset())
                await Indexer(self.vectorizer, index).update(candidate, progress)
                after = Answerer(self.vectorizer, index, policy_of(self.settings))
                return await changed_reactions(
                    [it.text for it in queries],
                    self.answerer,
                    after,
                    self.vectorizer,
                    report.difference,
                )
            finally:
                index.close()

    async def ask(self, text: str) -> Outcome:
        """Answer a question.

        Raises:
            FaqbotError: it could not be looked up.
        """
        return await self.answerer.answer(text)

    async def explain(self, text: str) -> tuple[Explanation, ...]:
        """Tell what spoke for the best entries of a question.

        Raises:
            FaqbotError: it could not be looked up.
        """
        return await self.answerer.explain(text)

    def entries(self) -> tuple[Entry, ...]:
        """Give the FAQ as it is served."""
        return self.answerer.entries()

    def history(self) -> History:
        """Tell which states of the FAQ were published, and which one serves."""
        return self.index.history()


def open_cache(settings: Settings) -> SqliteVectorCache:
    """Open what remembers the FAQ's vectors between runs."""
    return SqliteVectorCache(settings.data_path / "vectors.sqlite", keep_days=settings.cache_days)


def policy_of(settings: Settings) -> Policy:
    """Give what the operator wants of the scores."""
    wanted = settings.threshold
    return Policy(
        Scoring(settings.scoring),
        wanted if isinstance(wanted, float) else None,
        wanted.wanted if isinstance(wanted, Precision) else None,
        settings.off_topic_share,
    )

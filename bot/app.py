"""The one place that builds adapters and ties them together."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from bot.answering import Answerer
from bot.embedders.local_embedder import LocalEmbedder
from bot.errors import FaqbotError
from bot.faq.folder import FaqPathError, Fingerprint, Remembered, fingerprint, read_faq
from bot.faq.small_talk import SMALL_TALK
from bot.indexing import Indexer, IndexReport, RollbackReport
from bot.matching import language
from bot.matching.deciding import Bands, Policy
from bot.matching.explaining import Explanation
from bot.memory import give_back_large_blocks
from bot.model import Entry, Faq, Outcome, Query, Scoring
from bot.planning import EmptyFaqError
from bot.ports import Embedder
from bot.publication import History
from bot.reactions import ChangedReaction, changed_reactions
from bot.serving import Serving
from bot.settings import DEFAULT_BASE_URL, Precision, Settings, SettingsError, masked_url
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
        self._cache = _cache(settings)
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


def build_engine(settings: Settings, embedder: Embedder | None = None) -> Engine:
    """Build the engine that the settings ask for.

    Args:
        settings: the settings.
        embedder: takes the place of the one that the settings ask for.

    Raises:
        FaqbotError: it cannot be built.
    """
    # A question is too small a task to share: where the other cores are busy, waiting for them
    # takes a hundred times as long as doing it alone.
    threadpool_limits(limits=1)
    give_back_large_blocks()
    return Engine(settings, embedder or build_embedder(settings))


@asynccontextmanager
async def open_vectorizer(settings: Settings) -> AsyncIterator[Vectorizer]:
    """Build what embeds and remembers, without an index.

    Raises:
        FaqbotError: it cannot be built.
    """
    embedder = build_embedder(settings)
    try:
        make_data_folder(settings.data_path)
        cache = _cache(settings)
        try:
            yield Vectorizer(embedder, cache)
        finally:
            cache.close()
    finally:
        await embedder.close()


def _cache(settings: Settings) -> SqliteVectorCache:
    return SqliteVectorCache(settings.data_path / "vectors.sqlite", keep_days=settings.cache_days)


def build_embedder(settings: Settings) -> Embedder:
    """Build the embedder that the settings ask for.

    Raises:
        SettingsError: the server needs a key.
    """
    if not settings.uses_openai:
        return LocalEmbedder()
    key = settings.openai_api_key
    if key is None and settings.openai_base_url == DEFAULT_BASE_URL:
        raise SettingsError(
            "FAQBOT_EMBEDDER is openai, but there is no key: set OPENAI_API_KEY (or "
            "OPENAI_API_KEY_FILE), or use the local model with FAQBOT_EMBEDDER=local."
        )
    # Importing the client takes most of a second, so only those who use it pay for it.
    from bot.embedders.openai_embedder import OpenAIEmbedder, ServerConfig  # noqa: PLC0415

    return OpenAIEmbedder(
        ServerConfig(
            base_url=settings.openai_base_url,
            # Servers on one's own machine often ask for none, but the client insists on one.
            api_key=key.get_secret_value() if key else "none",
            model=settings.embedding_model,
            dimensions=settings.embedding_dimensions,
            batch_size=settings.embedding_batch_size,
            timeout_seconds=settings.embedding_timeout_seconds,
            retries=settings.embedding_retries,
        )
    )


def describe_embedder(settings: Settings) -> str:
    """Name the embedder in use, and whether anything leaves this machine."""
    if not settings.uses_openai:
        return f"local ({LocalEmbedder().model.name}; nothing leaves this machine)"
    return (
        f"openai ({settings.embedding_model} at {masked_url(settings.openai_base_url)}; "
        "questions and the FAQ are sent there)"
    )


def policy_of(settings: Settings) -> Policy:
    """Give what the operator wants of the scores."""
    wanted = settings.threshold
    return Policy(
        Scoring(settings.scoring),
        wanted if isinstance(wanted, float) else None,
        wanted.wanted if isinstance(wanted, Precision) else None,
        settings.off_topic_share,
    )


def bands_in_effect(settings: Settings) -> Bands:
    """Give the scores from which on an entry answers and is suggested."""
    local = LocalEmbedder().model.name
    return policy_of(settings).bands(settings.embedding_model if settings.uses_openai else local)


def messages_of(answer: str) -> int:
    """Count the messages in Telegram that an answer needs."""
    from bot.telegram.rendering import render  # noqa: PLC0415 - slow to import, seldom needed

    return len(render(answer))


def look_at_index(settings: Settings) -> tuple[tuple[Entry, ...], History]:
    """Give what is served and what was published; nothing where there is no index yet.

    Raises:
        FaqbotError: there is a file, but no index that can be read.
    """
    if not settings.index_path.exists():
        return (), History()
    index = SqliteIndex(settings.index_path)
    try:
        return index.entries(), index.history()
    finally:
        index.close()


def pinned_number(settings: Settings) -> int | None:
    """Give the number of the state that serves in the place of the FAQ's files, if one does."""
    try:
        _, history = look_at_index(settings)
    except FaqbotError:
        return None  # whoever wants to serve it is told why it cannot be read
    return history.pin.number if history.pin else None


def at_path(settings: Settings, index_path: Path) -> Settings:
    """Give the same settings with the index at another place."""
    return settings.model_copy(update={"index_path": index_path})

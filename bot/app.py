"""Builds what the settings ask for: the engine, or a part of it for those who need no more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from threadpoolctl import threadpool_limits

from bot.embedders.local_embedder import LocalEmbedder
from bot.engine import Engine, open_cache, policy_of
from bot.errors import FaqbotError
from bot.matching.deciding import Bands
from bot.memory import give_back_large_blocks
from bot.model import Entry
from bot.ports import Embedder
from bot.publication import History
from bot.settings import DEFAULT_BASE_URL, Settings, SettingsError, masked_url
from bot.storage.database import make_data_folder
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer


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
        cache = open_cache(settings)
        try:
            yield Vectorizer(embedder, cache)
        finally:
            cache.close()
    finally:
        await embedder.close()


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

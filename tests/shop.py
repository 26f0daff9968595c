"""A small shop's bot to talk with, for tests that read like a conversation.

Real application, real HTTP, real SQLite. The embedder knows words only: "when do you" is as near to
three of the questions, and sure of none.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.answering import Answerer
from bot.indexing import Indexer
from bot.matching.deciding import Policy
from bot.model import EmbeddingModel, Entry, Faq, GroupMode, Scoring
from bot.ports import Embedder
from bot.serving import Serving
from bot.small_talk import SmallTalk
from bot.storage.chat_settings import SqliteChatSettings
from bot.storage.chosen_languages import SqliteChosenLanguages
from bot.storage.index import SqliteIndex
from bot.storage.sent_answers import SqliteSentAnswers
from bot.storage.sent_files import SqliteSentFiles
from bot.telegram.admin import AdminTools
from bot.telegram.application import TelegramBot
from bot.telegram.desk import Desk
from bot.telegram.files import Files
from bot.telegram.flood import Flood
from bot.telegram.follow_ups import FollowUps
from bot.telegram.group_modes import GroupModes
from bot.telegram.handlers import Handlers
from bot.telegram.pace import UNLIMITED, Limits
from bot.telegram.replies import Replies
from bot.vectors import Vectorizer
from bot.wording.speech import Languages
from tests.fakes import FakeEmbedder, FakeVectorCache, entry
from tests.telegram_server import ANN, TOKEN, Message, Person, Room, TelegramServer

OPEN = entry("open", "when do you open the shop", answer="At *nine*.")
CLOSE = entry("close", "when do you close the shop", answer="At five.")
PHONE = entry("phone", "when do you answer the phone", answer="All day.")
PAY = entry("pay", "how can i pay", answer="By card.")
FAQ = (OPEN, CLOSE, PHONE, PAY)
VAGUE = "when do you"
NONE = "None of these"
VOTES = ["👍", "👎"]
UNSURE = "I am not sure. Did you mean:"


async def _nothing(_number: int | None = None) -> str:
    return "Nothing was done."


class Shop:
    """The bot in this process, which can be restarted and given another FAQ."""

    def __init__(
        self,
        folder: Path,
        server: TelegramServer,
        admins: frozenset[int] = frozenset(),
        model: Embedder | None = None,
    ) -> None:
        self.server = server
        self.embedder = FakeEmbedder(EmbeddingModel("fake words", 512))
        self.groups = GroupMode.MENTION
        self.flood_limit = 0
        self.limits: Limits = UNLIMITED
        self.chat_settings = SqliteChatSettings(folder / "chats.sqlite")
        self.sent_answers = SqliteSentAnswers(folder / "answers.sqlite")
        self.tools = AdminTools(admins, _nothing, _nothing)
        self._folder = folder
        self._index = SqliteIndex(folder / "index.sqlite")
        self._files = SqliteSentFiles(folder / "files.sqlite")
        self.chosen_languages = SqliteChosenLanguages(folder / "languages.sqlite")
        self.languages = Languages.shipped()
        self._vectorizer = Vectorizer(model or self.embedder, FakeVectorCache())
        self._scoring = Scoring.CALIBRATED if model else Scoring.COSINE
        self.small_talk = SmallTalk(self._vectorizer)
        self.now = 0.0
        """In seconds, for what is remembered for minutes."""
        self._stop = asyncio.Event()
        self._bot: TelegramBot | None = None
        self._task: asyncio.Task[None] | None = None

    async def serve(self, *entries: Entry) -> None:
        """Put another FAQ in the place of the one that serves."""
        faq = Faq(self._folder, entries, (), ("faq.md",), frozenset())
        await Indexer(self._vectorizer, self._index).update(faq)

    async def start(self) -> None:
        """Begin to answer; nothing is remembered of an earlier time."""
        self._stop = asyncio.Event()
        serving = Serving(self._index, self._vectorizer.model)
        await asyncio.to_thread(serving.latest)  # as the first update does
        threshold = 0.75 if self._scoring is Scoring.COSINE else None
        policy = Policy(self._scoring, threshold, None, 0.3)
        answerer = Answerer(self._vectorizer, self._index, policy, serving)
        bot = self._bot = TelegramBot(TOKEN, self.server.url, self.tools.admins, self.limits)
        files = Files(bot.sender, self._folder, self._files)
        replies = Replies(bot.sender, files, self.sent_answers)
        desk = Desk(
            answerer,
            bot.sender,
            replies,
            self.languages,
            self.chosen_languages,
            small_talk=self.small_talk,
            pace=bot.pace,
            follow_ups=FollowUps(replies, clock=lambda: self.now),
        )
        modes = GroupModes(self.groups, self.chat_settings)
        handlers = Handlers(desk, self.tools, modes, Flood(self.flood_limit))
        self._task = asyncio.create_task(bot.run(handlers, self._stop, lambda: None))

    async def stop(self) -> None:
        """Finish what has begun."""
        self._stop.set()
        if self._task:
            await self._task

    async def restart(self) -> None:
        """Lose all that is in memory only."""
        await self.stop()
        await self.start()

    async def close(self) -> None:
        """End it for good."""
        await self.stop()
        self._index.close()
        self._files.close()
        self.sent_answers.close()
        self.chat_settings.close()
        self.chosen_languages.close()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being done, and nothing waits to be."""
        if self._bot is None or self._task is None or not self.server.is_quiet:
            return False
        if self._task.done():
            self._task.result()
        application = self._bot.application
        processor = application.update_processor
        return application.update_queue.empty() and not processor.current_concurrent_updates

    async def said(self, text: str, chat: Person | Room = ANN) -> Message:
        """Wait until some message of the bot's reads so; give it."""

        def found() -> list[Message]:
            return [it for it in self.server.messages(chat) if it.get("text", "").startswith(text)]

        await self.server.until(found, 10)
        return found()[-1]

    async def ask(self, text: str, chat: Person | Room = ANN, user: Person = ANN) -> Message:
        """Ask and wait for the reply; what came before in this chat is done by then."""
        before = len(self.server.messages(chat))
        self.server.text(text, user=user, chat=chat)
        await self.server.until(lambda: len(self.server.messages(chat)) > before, 10)
        return self.server.messages(chat)[-1]

    async def settle(self, chat: Person | Room = ANN, user: Person = ANN) -> None:
        """Wait until all that was asked of it in a chat is done, by asking one thing more."""
        before = texts(self.server, chat).count("By card.")
        self.server.text("@faq_bot how can i pay", user=user, chat=chat)
        await self.server.until(lambda: texts(self.server, chat).count("By card.") > before, 10)
        self.server.removed(self.server.messages(chat)[-1])
        assert not self.server.open_callbacks

    def press(self, message: Message, text: str, user: Person = ANN) -> None:
        """Press a button."""
        self.server.callback(message, data(message, text), user=user)


@asynccontextmanager
async def open_shop(  # noqa: PLR0913 - most tests need none of them
    folder: Path,
    server: TelegramServer,
    *entries: Entry,
    admins: frozenset[int] = frozenset(),
    model: Embedder | None = None,
    groups: GroupMode = GroupMode.MENTION,
    flood_limit: int = 0,
    limits: Limits = UNLIMITED,
) -> AsyncIterator[Shop]:
    """Run the shop's bot; at the end it has kept to the rules and left nobody waiting.

    Args:
        folder: for all that it keeps.
        server: where people write.
        entries: its FAQ, if another one.
        admins: user ids.
        groups: when it speaks in groups.
        flood_limit: messages a minute of one person; 0 for any number.
        limits: what it may send.
        model: embeds by meaning, and scores are probabilities then; the shop's own knows words.
    """
    shop = Shop(folder, server, admins, model)
    shop.groups, shop.flood_limit, shop.limits = groups, flood_limit, limits
    await shop.serve(*(entries or FAQ))
    await shop.start()
    try:
        yield shop
    finally:
        await shop.close()
    assert server.refusals == [], server.refusals
    assert not server.open_callbacks


def buttons(message: Message) -> list[str]:
    """Give what stands on the buttons below a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def data(message: Message, text: str) -> str:
    """Give what a button carries."""
    rows = message["reply_markup"]["inline_keyboard"]
    (carried,) = (it["callback_data"] for row in rows for it in row if it["text"] == text)
    assert isinstance(carried, str)
    return carried


def texts(server: TelegramServer, chat: Person | Room = ANN) -> list[str]:
    """Give what the bot has said in a chat, as it stands there now."""
    return [it.get("text", "") for it in server.messages(chat)]

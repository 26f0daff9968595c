"""Time from update to reply when a crowd asks at once, over real HTTP to a stand-in for Telegram.

Run `python -m tests.benchmarks.crowd`, or with `--smoke` for a few people. Everybody writes in
private at the same moment; the FAQ is the one shipped, the model the embedded one. Once without the
limits that Telegram sets, which shows what the bot itself takes, and once with them: then nobody
may wait longer than 30 messages a second explain. The stand-in runs in a process of its own, as
Telegram does; both share this machine.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bot.app import build_engine
from bot.engine import Engine
from bot.model import GroupMode
from bot.settings import Settings
from bot.storage.chat_settings import SqliteChatSettings
from bot.storage.chosen_languages import SqliteChosenLanguages
from bot.storage.sent_answers import SqliteSentAnswers
from bot.storage.sent_files import SqliteSentFiles
from bot.telegram.admin import AdminTools
from bot.telegram.application import TelegramBot
from bot.telegram.desk import Desk
from bot.telegram.files import Files
from bot.telegram.flood import Flood
from bot.telegram.group_modes import GroupModes
from bot.telegram.handlers import Handlers
from bot.telegram.pace import TELEGRAM, UNLIMITED, Limits
from bot.telegram.replies import Replies
from bot.wording.speech import Languages
from tests.telegram_server import TOKEN, Person, TelegramServer

_ROOT = Path(__file__).parents[2]
_GREETINGS = ("please", "hello", "excuse me", "hi", "sorry", "quick question", "hey", "good day")
"""Put in front of the FAQ's own questions, whose vectors are at hand."""
_FIRST_ID = 10_000
_WAIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited for the first word."""

    seconds: tuple[float, ...]
    """The shortest first."""
    processor_seconds: float
    """What the bot's process took for one reply."""

    @property
    def median(self) -> float:
        """What half of them waited at the most."""
        return statistics.median(self.seconds)

    @property
    def percentile_95(self) -> float:
        """What all but one in twenty waited at the most."""
        return self.seconds[int(0.95 * (len(self.seconds) - 1))]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--smoke", action="store_true", help="a few people, once")
    given = parser.parse_args()
    people, rounds = (10, 1) if given.smoke else (given.people, given.rounds)
    print(
        "| limits | people | round | median, ms | 95th percentile, ms | last, ms |"
        " processor time a reply, ms |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, limits in (("none", UNLIMITED), ("Telegram's", TELEGRAM)):
        for number, waits in enumerate(asyncio.run(_crowd(people, rounds, limits)), start=1):
            cells = (waits.median, waits.percentile_95, waits.seconds[-1], waits.processor_seconds)
            shown = " | ".join(f"{it * 1000:.0f}" for it in cells)
            print(f"| {name} | {people} | {number} | {shown} |", flush=True)
    return 0


async def _crowd(people: int, rounds: int, limits: Limits) -> list[Waits]:
    ours, theirs = multiprocessing.Pipe()
    telegram = multiprocessing.get_context("spawn").Process(target=_telegram, args=(theirs,))
    telegram.start()
    try:
        url = await asyncio.to_thread(ours.recv)
        with tempfile.TemporaryDirectory() as folder:
            return await _asked(Path(folder), url, ours, people, rounds, limits)
    finally:
        ours.send(None)
        telegram.join()


async def _asked(  # noqa: PLR0913, PLR0917 - all of one measurement
    folder: Path, url: str, telegram: Connection, people: int, rounds: int, limits: Limits
) -> list[Waits]:
    settings = Settings(
        faq_path=_ROOT / "faq",
        data_path=folder,
        index_path=folder / "index.sqlite",
        embedder="local",
    )
    engine = build_engine(settings)
    await asyncio.gather(engine.warm_up(), engine.update(lambda _done, _total: None))
    stores = (
        SqliteSentFiles(folder / "files.sqlite"),
        SqliteSentAnswers(folder / "answers.sqlite"),
        SqliteChatSettings(folder / "chats.sqlite"),
        SqliteChosenLanguages(folder / "languages.sqlite"),
    )
    files, answers, chats, languages = stores
    bot = TelegramBot(TOKEN, url, frozenset(), limits)
    replies = Replies(bot.sender, Files(bot.sender, settings.faq_path, files), answers)
    handlers = Handlers(
        Desk(
            engine.answerer,
            bot.sender,
            replies,
            Languages.shipped(),
            languages,
            small_talk=engine.small_talk,
            pace=bot.pace,
        ),
        AdminTools(frozenset(), _nothing, _nothing),
        GroupModes(GroupMode.MENTION, chats),
        Flood(0),
    )
    stop = asyncio.Event()
    running = asyncio.create_task(bot.run(handlers, stop, lambda: None))
    questions = _questions(engine)
    waits = []
    try:
        for number in range(-1, rounds):  # one to warm up
            texts = [questions[(it + 7 * number) % len(questions)] for it in range(people)]
            greeting = _GREETINGS[number % len(_GREETINGS)]
            spent = time.process_time()
            telegram.send([f"{greeting} {text}" for text in texts])
            seconds = await asyncio.to_thread(telegram.recv)
            if number >= 0:
                spent = time.process_time() - spent
                waits.append(Waits(tuple(sorted(seconds)), spent / people))
    finally:
        stop.set()
        await running
        await engine.close()
        for store in stores:
            store.close()
    return waits


def _questions(engine: Engine) -> list[str]:
    return [text for it in engine.entries() for text in it.questions]


async def _nothing(_number: int | None = None) -> str:
    return ""


def _telegram(bot: Connection) -> None:
    """Be Telegram in a process: take what people ask at once, give how long each waited."""
    with TelegramServer() as server:
        bot.send(server.url)
        first_id = _FIRST_ID
        while (texts := bot.recv()) is not None:
            bot.send(_ask_all(server, [Person(first_id + it) for it in range(len(texts))], texts))
            first_id += len(texts)


def _ask_all(server: TelegramServer, people: list[Person], texts: list[str]) -> list[float]:
    before = len(server.sent)
    asked_at = {}
    for person, text in zip(people, texts, strict=True):
        asked_at[person.id] = time.monotonic()
        server.text(text, user=person)
    answered_at: dict[int, float] = {}
    seen = before

    def all_answered() -> bool:
        nonlocal seen
        now = time.monotonic()
        for call in server.sent[seen:]:
            if call.method == "sendMessage" and call.chat_id is not None:
                answered_at.setdefault(call.chat_id, now)
        seen = len(server.sent)
        return len(answered_at) == len(people)

    server.wait_for(all_answered, _WAIT_SECONDS)
    return [answered_at[it.id] - asked_at[it.id] for it in people]


if __name__ == "__main__":
    sys.exit(main())

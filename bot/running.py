"""The bot as a service: Telegram, the schedule and the watcher around the engine.

A room apart from `app`: neither the terminal nor an evaluation should pay for importing what
only a running bot needs.
"""

import asyncio
import os
import signal

import filelock

from bot.app import Engine, build_engine
from bot.heartbeat import Heartbeat
from bot.indexing import IndexReport, RollbackReport
from bot.memory import give_back_large_blocks
from bot.model import GroupMode
from bot.refitting import Refitter
from bot.schedule import Reindexer, start_schedule
from bot.settings import Settings, SettingsError
from bot.storage.chat_settings import SqliteChatSettings
from bot.storage.database import make_data_folder
from bot.storage.sent_answers import SqliteSentAnswers
from bot.storage.sent_files import SqliteSentFiles
from bot.telegram.admin import AdminTools
from bot.telegram.application import TelegramBot
from bot.telegram.desk import Desk
from bot.telegram.files import Files
from bot.telegram.flood import Flood
from bot.telegram.group_modes import GroupModes
from bot.telegram.handlers import Handlers
from bot.telegram.replies import Replies
from bot.watch import watch_faq
from bot.wording.speech import Languages

_RETRY_SECONDS = 10.0


async def run_bot(settings: Settings) -> None:
    """Run the bot in Telegram until the process is told to stop.

    Raises:
        FaqbotError: it cannot run, or not any more.
    """
    # Else the library warns of a change of its own each time that Telegram asks to wait.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = settings.telegram_bot_token
    if token is None:
        raise SettingsError(
            "There is no token: get one from @BotFather in Telegram (/newbot) and set "
            "TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE)."
        )
    give_back_large_blocks()
    make_data_folder(settings.data_path)
    lock = filelock.FileLock(settings.data_path / "bot.lock")
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise SettingsError(
            f"Another faqbot runs on the data folder {settings.data_path} already: stop it, or "
            "give this one a folder of its own in FAQBOT_DATA_PATH."
        ) from None
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = build_engine(settings)
    bot = TelegramBot(token.get_secret_value(), settings.telegram_api_url, settings.admins)
    refitter = Refitter(engine)
    reindexer = Reindexer(
        lambda: _update(engine, refitter),
        bot.notices.tell,
        lambda number: _rollback(engine, refitter, number),
    )
    sent_files = SqliteSentFiles(settings.data_path / "sent_files.sqlite")
    chat_settings = SqliteChatSettings(settings.data_path / "chat_settings.sqlite")
    sent_answers = SqliteSentAnswers(settings.data_path / "sent_answers.sqlite")
    root = settings.faq_path if settings.faq_path.is_dir() else settings.faq_path.parent
    handlers = Handlers(
        Desk(
            engine.answerer,
            bot.sender,
            Replies(bot.sender, Files(bot.sender, root, sent_files), sent_answers),
            Languages.shipped(),
            bot.pace,
        ),
        AdminTools(settings.admins, lambda: reindexer.run("asked for"), reindexer.rollback),
        GroupModes(GroupMode(settings.groups), chat_settings),
        Flood(settings.flood_limit),
    )
    heartbeat = Heartbeat(settings.heartbeat_path)
    background = [
        asyncio.create_task(_keep_current(engine, reindexer)),
        asyncio.create_task(refitter.run()),
    ]
    if settings.watch != "off":
        watching = watch_faq(
            settings.faq_path, settings.watch, lambda: reindexer.run("files changed")
        )
        background.append(asyncio.create_task(watching))
    schedule = start_schedule(settings.reindex, reindexer)
    try:
        await bot.run(handlers, stop, heartbeat.beat)
    finally:
        schedule.shutdown(wait=False)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await engine.close()
        sent_files.close()
        sent_answers.close()
        chat_settings.close()
        heartbeat.end()
        lock.release()


async def _keep_current(engine: Engine, reindexer: Reindexer) -> None:
    """Read the FAQ at the start, and again soon while that does not work."""
    await asyncio.gather(engine.warm_up(), reindexer.run("start"))
    while True:
        await asyncio.sleep(_RETRY_SECONDS)
        if reindexer.has_failed:
            await reindexer.run("again")


async def _update(engine: Engine, refitter: Refitter) -> IndexReport:
    try:
        return await engine.update(_quietly, quickly=True)
    finally:
        refitter.want()


async def _rollback(engine: Engine, refitter: Refitter, number: int | None) -> RollbackReport:
    try:
        return await engine.rollback(number, _quietly, quickly=True)
    finally:
        refitter.want()


def _quietly(_done: int, _total: int) -> None:
    pass

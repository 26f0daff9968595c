"""The bot as a service: Telegram, the schedule and the watcher around the engine.

A room apart from `app`: neither the terminal nor an evaluation should pay for importing what
only a running bot needs.
"""

import asyncio
import logging
import os
import signal

import filelock

from bot.app import build_engine
from bot.checks import Checker
from bot.engine import Engine
from bot.heartbeat import Heartbeat
from bot.indexing import IndexReport, RollbackReport
from bot.memory import give_back_small_blocks, leave_alone_what_is_there
from bot.model import GroupMode
from bot.on_disk import keep_tables_in
from bot.refitting import Refitter
from bot.schedule import Reindexer, start_schedule
from bot.settings import Settings, SettingsError
from bot.storage.chat_settings import SqliteChatSettings
from bot.storage.chosen_languages import SqliteChosenLanguages
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
from bot.telegram.notices import Notices
from bot.telegram.replies import Replies
from bot.watch import watch_faq
from bot.wording.wording_file import WordingFile

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 10.0
_MOST_PROBLEMS = 10


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
    keep_tables_in(settings.data_path)
    engine = build_engine(settings)
    bot = TelegramBot(token.get_secret_value(), settings.telegram_api_url, settings.admins)
    refitter = Refitter(engine)
    wording = WordingFile(settings.wording_path)
    await _reword(wording, bot.notices)
    reindexer = Reindexer(
        lambda: _update(engine, refitter, wording, bot.notices),
        bot.notices.tell,
        lambda number: _rollback(engine, refitter, number),
    )
    sent_files = SqliteSentFiles(settings.data_path / "sent_files.sqlite")
    chat_settings = SqliteChatSettings(settings.data_path / "chat_settings.sqlite")
    sent_answers = SqliteSentAnswers(settings.data_path / "sent_answers.sqlite")
    chosen_languages = SqliteChosenLanguages(settings.data_path / "chosen_languages.sqlite")
    root = settings.faq_path if settings.faq_path.is_dir() else settings.faq_path.parent
    handlers = Handlers(
        Desk(
            engine.answerer,
            bot.sender,
            Replies(bot.sender, Files(bot.sender, root, sent_files), sent_answers),
            wording.languages,
            chosen_languages,
            pace=bot.pace,
            small_talk=engine.small_talk,
        ),
        AdminTools(
            settings.admins,
            lambda: reindexer.run("asked for"),
            reindexer.rollback,
            Checker(settings).run,
        ),
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
        chosen_languages.close()
        chat_settings.close()
        heartbeat.end()
        lock.release()


async def _keep_current(engine: Engine, reindexer: Reindexer) -> None:
    """Read the FAQ at the start, and again soon while that does not work."""
    await asyncio.gather(engine.warm_up(), reindexer.run("start"))
    leave_alone_what_is_there()
    while True:
        await asyncio.sleep(_RETRY_SECONDS)
        if reindexer.has_failed:
            await reindexer.run("again")


async def _update(
    engine: Engine, refitter: Refitter, wording: WordingFile, notices: Notices
) -> IndexReport:
    await _reword(wording, notices)
    try:
        return await engine.update(_quietly, quickly=True)
    finally:
        refitter.want()
        await asyncio.to_thread(give_back_small_blocks)


async def _reword(wording: WordingFile, notices: Notices) -> None:
    """Speak as the admins' file says now, and tell them what is wrong with it."""
    problems = await asyncio.to_thread(wording.refresh)
    lines = [
        f"{it.source.file}, line {it.source.line}: {it.what} {it.mend}"
        for it in problems[:_MOST_PROBLEMS]
    ]
    if len(problems) > _MOST_PROBLEMS:
        lines.append(f"and {len(problems) - _MOST_PROBLEMS} more; `faqbot check` lists all.")
    if lines:
        told = "\n\n".join(
            ("The file of your own words (FAQBOT_WORDING_PATH) has problems:", *lines)
        )
        _log.warning("%s", told)
        await notices.tell(told)


async def _rollback(engine: Engine, refitter: Refitter, number: int | None) -> RollbackReport:
    try:
        return await engine.rollback(number, _quietly, quickly=True)
    finally:
        refitter.want()


def _quietly(_done: int, _total: int) -> None:
    pass

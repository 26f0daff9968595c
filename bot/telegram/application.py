"""The bot in Telegram, from the first contact to the last acknowledgement."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from bot.telegram.handlers import Handlers
from bot.telegram.inbox import Inbox
from bot.telegram.lanes import Lanes
from bot.telegram.notices import Notices
from bot.telegram.pace import TELEGRAM, Limits, Pace
from bot.telegram.polling import Poller
from bot.telegram.sending import Sender

_log = logging.getLogger(__name__)

_STOP_SECONDS = 4.0
_ACKNOWLEDGE_SECONDS = 0.5


class TelegramBot:
    """One bot, polling."""

    def __init__(
        self, token: str, api_url: str, admins: frozenset[int], limits: Limits = TELEGRAM
    ) -> None:
        """Prepare, without any contact.

        Args:
            token: the bot's.
            api_url: the root address of the Bot API.
            admins: whom to tell of faults, by user id.
            limits: how many messages may be sent.
        """
        self._inbox = Inbox()
        self._requests = (Lanes(), HTTPXRequest(connection_pool_size=2))
        self.pace = Pace(limits)
        self.application: Application = (  # type: ignore[type-arg] # six of them, all defaults
            ApplicationBuilder()
            .token(token)
            .base_url(f"{api_url}/bot")
            .base_file_url(f"{api_url}/file/bot")
            .request(self._requests[0])
            .get_updates_request(self._requests[1])
            .rate_limiter(self.pace)
            .concurrent_updates(self._inbox)
            .updater(None)
            .job_queue(None)
            .build()
        )
        self.sender = Sender(self.application.bot)
        self.notices = Notices(self.application.bot, sorted(admins))
        self._handlers: Handlers | None = None

    async def run(self, handlers: Handlers, stop: asyncio.Event, alive: Callable[[], None]) -> None:
        """Answer until told to stop, then finish what has begun.

        Args:
            handlers: what answers.
            stop: ends it.
            alive: is called whenever Telegram has answered.

        Raises:
            TokenRefusedError: there is no bot with this token.
        """
        self._handlers = handlers
        self._inbox.door = handlers.door
        handlers.register(self.application)
        self.application.add_error_handler(self._on_error)
        poller = Poller(
            self.application.bot,
            self.application.update_queue.put,
            alive=alive,
            trouble=lambda text: self.notices.tell_once(text, text),
        )
        try:
            await _until(stop, poller.connect(self.application.initialize))
            if not stop.is_set():
                await self._answer(handlers, poller, stop)
        finally:
            # The library closes nothing where it was stopped on the way to its first contact.
            await asyncio.gather(*(it.shutdown() for it in self._requests))

    async def _answer(self, handlers: Handlers, poller: Poller, stop: asyncio.Event) -> None:
        _log.warning("Connected to Telegram as @%s.", self.application.bot.username)
        await self.application.start()
        await self.notices.open()
        for warning in handlers.warnings(self.application.bot):
            _log.warning(warning)
            await self.notices.tell_once(warning, warning)
        opening = asyncio.create_task(handlers.open())
        try:
            await _until(stop, poller.run())
        finally:
            opening.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ACKNOWLEDGE_SECONDS):
                    await poller.acknowledge()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STOP_SECONDS):
                    self.pace.lift()
                    await self.application.stop()
                    await handlers.desk.close()
            await self.application.shutdown()

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        _log.error("An update could not be handled.", exc_info=error)
        if self._handlers and isinstance(update, Update):
            await self._handlers.apologise(update)
        place = type(error).__name__
        await self.notices.tell_once(
            f"fault {place}",
            f"A message could not be answered ({place}). The log says more; each such cause is "
            "told once.",
        )


async def _until(stop: asyncio.Event, work: object) -> None:
    """Do something until it is done or it is time to stop."""
    assert asyncio.iscoroutine(work)  # noqa: S101 - both callers pass one
    tasks = [asyncio.create_task(work), asyncio.create_task(stop.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0] in done:
            tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

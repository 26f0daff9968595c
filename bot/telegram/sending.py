"""Sending and editing: formatted if Telegram takes it, else plain, and again if it failed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import CallbackQueryLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.telegram.moves import Moves
from bot.telegram.rendering import Part

_log = logging.getLogger(__name__)

_TRIES = 6
_UPLOAD_SECONDS = 180
_MOST_SHOWN_ON_PRESS: int = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

FileKind: TypeAlias = Literal["photo", "document"]

_T = TypeVar("_T")


class Sender:
    """Sends what was rendered."""

    def __init__(self, bot: Bot, *, first_pause_seconds: float = 0.5) -> None:
        """Prepare.

        Args:
            bot: sends.
            first_pause_seconds: how long to wait after the first failure; twice that after the
                second, and so on.
        """
        self.moves = Moves()
        self._bot = bot
        self._first_pause_seconds = first_pause_seconds

    async def reply(
        self,
        message: Message,
        parts: Sequence[Part],
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> list[int]:
        """Answer a message with one or more messages, in its topic.

        Args:
            message: the message.
            parts: what to say.
            keyboard: the buttons below the last of them.

        Returns:
            The ids of the messages sent; fewer than the parts if the person has gone away.

        Raises:
            TelegramError: Telegram would not take them, however often they were offered.
        """
        sent: list[int] = []
        for number, part in enumerate(parts, start=1):
            below = keyboard if number == len(parts) else None

            async def send(text: Part, below: InlineKeyboardMarkup | None = below) -> Message:
                return await self._bot.send_message(
                    text=text.text,
                    entities=text.entities,
                    link_preview_options=_preview(text),
                    reply_markup=below,
                    **self._place(message),
                )

            try:
                result = await self._formatted_or_plain(send, part, message.chat_id)
            except Forbidden:
                _log.info("A person has blocked the bot or left; the answer stays unsent.")
                return sent
            sent.append(result.message_id)
        return sent

    async def send_file(
        self, message: Message, kind: FileKind, file: Path | str, caption: str
    ) -> Message:
        """Answer a message with a file, in its topic.

        Args:
            message: the message.
            kind: how people see it.
            file: where it is, its address in the web, or the id under which Telegram has it.
            caption: at most 1,024 UTF-16 units.

        Raises:
            TelegramError: Telegram would not take it, however often it was offered.
        """
        content = await asyncio.to_thread(file.read_bytes) if isinstance(file, Path) else file
        name = file.name if isinstance(file, Path) else None
        send: Callable[..., Awaitable[Message]] = (
            self._bot.send_photo if kind == "photo" else self._bot.send_document
        )
        return await self._again(
            lambda: send(
                **{kind: content},
                caption=caption or None,
                filename=name,
                write_timeout=_UPLOAD_SECONDS,
                read_timeout=_UPLOAD_SECONDS,
                **self._place(message),
            ),
            message.chat_id,
        )

    async def post(self, chat_id: int, part: Part) -> None:
        """Say something in a group that is no reply; in vain where the bot may not write.

        Raises:
            TelegramError: Telegram would not take it, however often it was offered.
        """

        async def send(text: Part) -> Message:
            return await self._bot.send_message(
                self.moves.current(chat_id), text.text, entities=text.entities
            )

        try:
            await self._formatted_or_plain(send, part, chat_id)
        except (BadRequest, Forbidden) as error:
            _log.info("Something stays unsaid in a chat: %s", error)

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        part: Part,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Put another text, and other buttons or none, in the place of what was sent.

        Raises:
            TelegramError: Telegram would not take it.
        """

        async def edit(text: Part) -> Message | bool:
            return await self._bot.edit_message_text(
                text.text,
                chat_id,
                message_id,
                entities=text.entities,
                link_preview_options=_preview(text),
                reply_markup=keyboard,
            )

        try:
            await self._formatted_or_plain(edit, part)
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                raise
        except ChatMigrated:
            raise BadRequest("The message stayed behind when the group moved.") from None

    async def edit_keyboard(
        self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Put other buttons, or none, below what was sent; in vain if it cannot be changed."""
        try:
            await self._again(
                lambda: self._bot.edit_message_reply_markup(
                    chat_id, message_id, reply_markup=keyboard
                )
            )
        except (BadRequest, Forbidden) as error:
            _log.info("The buttons of a message stay as they are: %s", error)

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message back; one that cannot be taken back any more stays."""
        try:
            await self._again(lambda: self._bot.delete_message(chat_id, message_id))
        except (BadRequest, ChatMigrated, Forbidden) as error:
            _log.info("A message that is no longer needed stays: %s", error)

    async def answer_press(self, query_id: str, text: str | None = None) -> None:
        """End the waiting of whoever pressed a button; in vain if they have waited for too long.

        Args:
            query_id: of the press.
            text: what they see for a moment, of which 200 characters are shown.
        """
        shown = text and text[:_MOST_SHOWN_ON_PRESS]
        try:
            await self._again(lambda: self._bot.answer_callback_query(query_id, shown))
        except TelegramError as error:
            _log.info("A press could not be answered: %s", error)

    def _place(self, message: Message) -> dict[str, Any]:
        """Give what puts an answer below a message: in a group a reply, in a forum the topic."""
        chat_id = self.moves.current(message.chat_id)
        if chat_id != message.chat_id:  # where other messages have its id
            return {"chat_id": chat_id}
        quote = ReplyParameters(message.message_id, allow_sending_without_reply=True)
        return {
            "chat_id": chat_id,
            "reply_parameters": quote if message.chat.type != "private" else None,
            "message_thread_id": message.message_thread_id if message.is_topic_message else None,
        }

    async def _formatted_or_plain(
        self, send: Callable[[Part], Awaitable[_T]], part: Part, chat_id: int | None = None
    ) -> _T:
        try:
            return await self._again(lambda: send(part), chat_id)
        except BadRequest as error:
            if not part.entities or "entit" not in error.message.lower():
                raise
            _log.warning("Telegram refused the formatting of an answer, sent plain: %s", error)
            return await self._again(lambda: send(replace(part, entities=())), chat_id)

    async def _again(self, act: Callable[[], Awaitable[_T]], chat_id: int | None = None) -> _T:
        """Try until the network works, as the library itself never does.

        A connection that broke after Telegram had taken the message makes it arrive twice: better
        than not at all. What Telegram wants later is tried again by whoever keeps the pace.

        Args:
            act: tries once.
            chat_id: where; given by who sends to where the chat is now.
        """
        pause_seconds = self._first_pause_seconds
        for attempt in range(1, _TRIES + 1):
            try:
                return await act()
            except BadRequest:
                raise  # a kind of network error to the library, but no second try mends it
            except ChatMigrated as error:
                if attempt == _TRIES or chat_id is None:
                    raise
                await self.moves.moved(self.moves.current(chat_id), error.new_chat_id)
            except NetworkError:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(pause_seconds)
                pause_seconds *= 2
        raise AssertionError  # the loop above ends in a return or a raise


def _preview(part: Part) -> LinkPreviewOptions:
    return LinkPreviewOptions(url=part.preview) if part.preview else _NO_PREVIEW

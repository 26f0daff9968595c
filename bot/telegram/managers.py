"""Who manages a group: its owner and its administrators."""

import logging

from telegram import Bot, Message, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

_log = logging.getLogger(__name__)

_MANAGERS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})


async def may_choose(message: Message, user: User | None, bot: Bot) -> bool:
    """Tell whether somebody may choose how the bot behaves in the chat of a message.

    Args:
        message: of that chat, theirs or one whose button they have pressed.
        user: who wants to choose.
        bot: finds out.
    """
    if message.chat.type == ChatType.PRIVATE:
        return True
    if user and user.id != bot.id and user.is_bot and message.sender_chat:
        # Only whoever manages a group can write in its name, by a bot of Telegram's.
        return message.sender_chat.id == message.chat.id
    return user is not None and await manages(bot, message.chat_id, user.id)


async def manages(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Tell whether somebody manages a group; who cannot be found out about does not."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError as error:
        _log.info("Whether somebody manages a group could not be found out: %s", error)
        return False
    return member.status in _MANAGERS

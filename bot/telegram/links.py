"""Links that open the private chat with the bot."""

import re

from bot.telegram.keyboards import press_for

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What Telegram carries from a link to /start."""


def link_to(username: str, id_: str) -> str:
    """Give the link that shows an entry to whoever follows it.

    Args:
        username: the bot's.
        id_: the entry's; one that no link can carry is replaced by what buttons carry for it.
    """
    payload = id_ if _PAYLOAD.fullmatch(id_) else press_for(id_).key
    return f"https://t.me/{username}?start={payload}"

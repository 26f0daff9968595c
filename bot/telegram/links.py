"""Links that open the private chat with the bot."""

import re
from collections.abc import Iterable
from typing import Final

from bot.faq.aliases import find
from bot.model import Entry
from bot.telegram.pressing import entry_by_key, key_of

FROM_INLINE: Final = "inline"
"""What /start is sent with by those who come from another chat where nothing was found."""

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What Telegram carries from a link to /start."""


def link_to(username: str, id_: str) -> str:
    """Give the link that shows an entry to whoever follows it.

    Args:
        username: the bot's.
        id_: the entry's; one that no link can carry is replaced by what buttons carry for it.
    """
    payload = id_ if _PAYLOAD.fullmatch(id_) else key_of(id_)
    return f"https://t.me/{username}?start={payload}"


def linked(payload: str, entries: Iterable[Entry]) -> Entry | None:
    """Find the entry that a link shows, by its id or a former one; None where it is not there.

    Args:
        payload: what came with /start.
        entries: those that may be shown in the chat.
    """
    listed = list(entries)
    return find(listed, payload) or entry_by_key(payload, listed)

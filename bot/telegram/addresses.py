"""Which addresses Telegram makes links of, and how to tell the others."""

import re

# Telegram's server refuses the whole message for one address that it cannot parse ("Wrong message
# entity"): other schemes, a host without a dot. tdlib: LinkManager::check_link_impl, parse_url.
_LINKABLE = re.compile(
    r"(?:https?://[\w-]+(?:\.[\w-]+)+(?::[1-9]\d{0,3}|:[1-5]\d{4})?|tg://[a-z0-9_-]+)(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_TELLING = re.compile(r"(?:mailto:|tel:)([^\s?]+).*|(https?://\S.*)", re.IGNORECASE)


def is_linkable(address: str) -> bool:
    """Tell whether a text can lead to it."""
    return bool(_LINKABLE.fullmatch(address))


def told(address: str, beside: str) -> str:
    """Give an address as a reader should see it.

    Args:
        address: any.
        beside: the text that is there anyway.

    Returns:
        "" where it is of no use to a reader, as a path is, or there to be seen.
    """
    match = _TELLING.fullmatch(address)
    shown = (match[1] or match[2]) if match else ""
    return "" if re.sub(r"^https?://", "", shown).rstrip("/") in beside else shown

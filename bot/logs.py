"""Logging for the operator, without secrets."""

import logging
from collections.abc import Iterable
from typing import TextIO

_MASK = "***"
# These announce each request at INFO; those with a 2 belong to the OpenAI client.
_CHATTY = ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "apscheduler", "watchfiles")
# This one writes tracebacks of what it raises all the same, and what is raised we log ourselves.
_TWICE = "telegram"


def redact(text: str, secrets: Iterable[str]) -> str:
    """Put a mask wherever a secret stands."""
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished line, traceback included, whoever wrote it."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Format a record and mask every secret in it."""
        return redact(super().format(record), self._secrets)


def configure_logging(level: str, secrets: Iterable[str], stream: TextIO) -> None:
    """Send all logging to `stream`, from `level` (a name such as "info") upwards."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _CHATTY:
        # At DEBUG the operator asked for everything; else these two would drown the rest.
        quiet = logging.NOTSET if level == "debug" else logging.WARNING
        logging.getLogger(name).setLevel(quiet)
    logging.getLogger(_TWICE).setLevel(logging.NOTSET if level == "debug" else logging.CRITICAL)

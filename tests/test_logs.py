"""What the operator reads in the log, and what never stands there."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs import configure_logging, redact

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name in ("httpx2", "httpx", "telegram", "apscheduler"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_no_secret_at_any_level(level: str) -> None:
    """Whoever logs a secret, in a message, an argument or a traceback, the log shows a mask."""
    stream = io.StringIO()
    configure_logging(level, [KEY], stream)
    log = logging.getLogger("somebody.else")

    log.debug("key %s", KEY)
    log.error("key %s", {"authorization": f"Bearer {KEY}"})
    try:
        int(KEY)
    except ValueError:
        log.exception("it failed")

    assert KEY not in stream.getvalue()
    assert "it failed" in stream.getvalue()
    assert "ValueError: invalid literal for int() with base 10: '***'" in stream.getvalue()


def test_clients_do_not_announce_every_request() -> None:
    """At "info" the log tells what faqbot does, not each HTTP request; at "debug" it tells all."""
    for level, expected in (("info", False), ("debug", True)):
        stream = io.StringIO()
        configure_logging(level, [], stream)
        logging.getLogger("httpx2").info("HTTP Request: POST")
        logging.getLogger("bot").info("indexed")

        assert ("HTTP Request" in stream.getvalue()) is expected
        assert "indexed" in stream.getvalue()


def test_redacting_nothing_changes_nothing() -> None:
    """Without secrets a text stays as it is."""
    assert redact("as it is", []) == "as it is"

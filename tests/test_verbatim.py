"""Questions that stand in the FAQ word for word."""

import pytest

from bot.matching.verbatim import Verbatim
from bot.model import Match

_KNOWN = Verbatim.of(
    ("hours", "move", "polish"),
    (("When are you open?", "opening  hours"), ("May I move", "POLISH"), ("Polish", "May I move?")),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When are you open?", Match("hours", "When are you open?", 1.0)),
        ("  WHEN are you open", Match("hours", "When are you open?", 1.0)),
        ("opening hours!", Match("hours", "opening  hours", 1.0)),
        ("Polish", Match("polish", "Polish", 1.0)),  # as written, though another differs in case
        ("polish", None),  # might be either
        ("May I move", Match("move", "May I move", 1.0)),
        ("may i move?", None),
        ("when are you closed?", None),
        ("", None),
    ],
)
def test_only_one_entry_can_be_meant(text: str, expected: Match | None) -> None:
    """A phrasing of exactly one entry is certain, as written before anything is folded."""
    assert _KNOWN.match(text) == expected

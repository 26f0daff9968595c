"""Whether two answers contradict each other."""

import pytest

from bot.faq.disagreement import disagreement


@pytest.mark.parametrize(
    ("one", "other", "wherein"),
    [
        ("Yes, we do.", "No, sorry.", 'one begins with "yes", the other with "no"'),
        ("Nein.", "Ja!", 'one begins with "nein", the other with "ja"'),
        ("From 9:00 to 17:00.", "From 9:00 to 18:00.", 'one says "17:00", the other "18:00"'),
        ("It costs 4 €.", "It costs 5 €.", 'one says "4", the other "5"'),
        ("Closed on Mondays.", "Closed on Tuesday.", 'one says "monday", the other "tuesday"'),
        ("We don't ship to islands.", "We ship to islands.", 'one says "not", the other does not'),
    ],
)
def test_contradictions_are_told(one: str, other: str, wherein: str) -> None:
    """The admin reads in what two answers differ."""
    assert disagreement(one, other) == wherein
    assert disagreement(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We open at 9.", "We open at 9, and at 10 on Sundays."),  # only tells more
        ("It costs 1,000.", "It costs 1.000."),
        ("1. Open it\n2. Save it", "Open it, then save it."),
        ("See [it](https://example.com/1).", "See [it](https://example.com/2)."),
        ("Run it:\n\n```\nsleep 5\n```", "Run it:\n\n```\nsleep 6\n```"),
        ("Am Montag.", "On Monday."),
        ("No.", "Nobody may."),
        ("Not at all, since the shop is closed in winter.", "Ask the staff at the gate."),
        ("", ""),
    ],
)
def test_what_can_both_be_true_is_no_contradiction(one: str, other: str) -> None:
    """An answer that tells more, or the same otherwise, is not reported."""
    assert disagreement(one, other) is None
    assert disagreement(other, one) is None

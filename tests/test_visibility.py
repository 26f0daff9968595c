"""Who is shown an entry, and when."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Details
from bot.visibility import ANYBODY, Asker, hidden_ids, is_conditional, is_visible
from tests.fakes import entry

_TODAY = date(2026, 6, 15)
_dates = st.none() | st.dates(date(2026, 6, 13), date(2026, 6, 17))
_details = st.builds(
    Details,
    audience=st.lists(st.sampled_from(["-100123", "@Staff", "7"]), max_size=2).map(tuple),
    valid_from=_dates,
    valid_until=_dates,
)
_askers = st.sampled_from(
    [ANYBODY, Asker.in_chat(7), Asker.in_chat(-100123, "STAFF"), Asker.in_chat(8, "zoo")]
)


@pytest.mark.parametrize(
    ("audience", "asker", "visible"),
    [
        ((), Asker.in_chat(1), True),
        (("-100123",), Asker.in_chat(-100123), True),
        (("-100123",), Asker.in_chat(100123), False),
        (("@Staff",), Asker.in_chat(-5, "staff"), True),
        (("@staff",), Asker.in_chat(-5, "STAFF"), True),
        (("@staff",), Asker.in_chat(-5), False),
        (("@staff", "7"), Asker.in_chat(7, "anna"), True),
        (("@staff",), ANYBODY, True),
    ],
)
def test_an_audience_is_who_may_see_it(
    audience: tuple[str, ...], asker: Asker, *, visible: bool
) -> None:
    """What is for some chats is shown there, and at the console, and nowhere else."""
    one = replace(entry("a"), details=Details(audience=audience))
    assert is_visible(one, asker, _TODAY) is visible


@pytest.mark.parametrize(
    ("first", "last", "visible"),
    [
        (None, None, True),
        (_TODAY, _TODAY, True),
        (date(2026, 6, 16), None, False),
        (None, date(2026, 6, 14), False),
        (date(2026, 6, 1), date(2026, 6, 30), True),
    ],
)
def test_an_entry_has_its_time(first: date | None, last: date | None, *, visible: bool) -> None:
    """It is shown from the first day to the last, both included, to everybody alike."""
    one = replace(entry("a"), details=Details(valid_from=first, valid_until=last))
    for asker in (ANYBODY, Asker.in_chat(1)):
        assert is_visible(one, asker, _TODAY) is visible


@given(_details, _askers)
def test_only_what_has_conditions_is_ever_hidden(details: Details, asker: Asker) -> None:
    """The shortcut for the many entries without conditions hides nothing and forgets nothing."""
    one = replace(entry("a"), details=details)
    hidden = hidden_ids(filter(is_conditional, [one]), asker, _TODAY)
    assert ("a" in hidden) is not is_visible(one, asker, _TODAY)

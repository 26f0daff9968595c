"""The FAQ in topics and pages."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Entry
from bot.telegram.shelves import (
    EVERYTHING,
    MOST_ON_PAGE,
    find_shelf,
    page_of,
    page_with,
    shelves_of,
)
from tests.fakes import entry

_TOPICS = ["Money", "Travel", "*", "", None, "0" * 24]
_faqs = st.lists(st.sampled_from(_TOPICS), max_size=40).map(
    lambda topics: [replace(entry(f"{i}"), topic=topic) for i, topic in enumerate(topics)]
)


@given(_faqs)
def test_every_entry_stands_on_one_shelf(entries: list[Entry]) -> None:
    """Nothing is lost and nothing is there twice, and each shelf is found by what buttons carry."""
    shelves = shelves_of(entries)
    listed = [it for shelf in shelves for it in shelf.entries]
    assert sorted(listed, key=lambda it: int(it.id)) == entries
    assert len({it.key for it in shelves}) == len(shelves)
    for number, shelf in enumerate(shelves):
        assert find_shelf(entries, shelf.key) == shelf
        assert page_with(shelves, shelf.key) == number // MOST_ON_PAGE
    assert [it.topic is None for it in shelves[:-1]] == [False] * (
        len(shelves) - 1 if shelves else 0
    )


@given(_faqs)
def test_one_topic_is_no_choice(entries: list[Entry]) -> None:
    """Up to one topic there is a single shelf with all entries in their order."""
    topics = {it.topic for it in entries if it.topic}
    shelves = shelves_of(entries)
    if len(topics) < 2 and entries:
        (only,) = shelves
        assert only.entries == tuple(entries)
        assert (only.key, only.topic) == (EVERYTHING, None)
    else:
        named = [it.topic for it in shelves if it.topic]
        assert set(named) == topics
        assert (len(shelves) > len(named)) == (
            len(topics) > 0 and any(not it.topic for it in entries)
        )


def test_a_shelf_outlives_the_others() -> None:
    """A button to a topic leads there still when it is the only one left, and nowhere later."""
    money, travel = (replace(entry(it), topic=it) for it in ("Money", "Travel"))
    key = shelves_of([money, travel])[0].key
    alone = find_shelf([money], key)
    assert alone
    assert alone.entries == (money,)
    assert find_shelf([travel], key) is None
    assert find_shelf([], EVERYTHING) is None
    everything = find_shelf([money, travel], EVERYTHING)
    assert everything
    assert everything.entries == (money, travel)
    assert page_with(shelves_of([money, travel]), EVERYTHING) == 0


@given(st.integers(0, 100), st.integers(0, 999_999))
def test_pages_hold_everything_once(size: int, beyond: int) -> None:
    """Leafing through shows every item in its order; beyond the last page is the last page."""
    items = list(range(size))
    count = page_of(items, 0).count
    pages = [page_of(items, number) for number in range(count)]
    assert [it for page in pages for it in page.items] == items
    assert [page.number for page in pages] == list(range(count))
    assert all(len(page.items) <= MOST_ON_PAGE for page in pages)
    assert all(page.items for page in pages) or not items
    assert page_of(items, count + beyond) == pages[-1]

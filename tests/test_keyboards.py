"""What stands on buttons, and that their presses are understood for ever."""

from dataclasses import replace

from apsw import unicode as segments
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.model import Details, Entry
from bot.telegram.keyboards import below_answer, presses_of, suggestions, with_vote, without
from bot.telegram.labels import MAX_LABEL_UNITS, fit, label, labels
from bot.telegram.pressing import MAX_DATA_BYTES, Action, Press, key_of, press_for, read_press
from bot.telegram.shelves import EVERYTHING
from bot.told import Vote
from bot.wording.speech import ENGLISH
from tests.fakes import entry
from tests.telegram_checks import utf16_units

_ids = st.text(min_size=1, max_size=200)
_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def _former(id_: str, *aliases: str) -> Entry:
    return replace(entry(id_), details=Details(aliases=aliases))


@given(_ids)
@example("\ud800")
@example("ж" * 1000)
def test_any_id_fits_a_button(id_: str) -> None:
    """However long an id is, Telegram takes what stands for it, and it comes back the same."""
    press = press_for(id_)
    assert 1 <= len(press.data.encode()) <= MAX_DATA_BYTES
    assert read_press(press.data) == press


def test_a_press_means_the_same_in_every_version() -> None:
    """Buttons that were sent by an earlier version still work, so what they say never changes."""
    assert press_for("delivery-time").data == "a6f157b7548361a237e46b273"
    assert Press(Action.NONE).data == "n"
    assert read_press("n") == Press(Action.NONE)
    key, topic = key_of("delivery-time"), key_of("Delivery")
    assert Press(Action.RELATED, key).data == "r6f157b7548361a237e46b273"
    assert Press(Action.TOPICS, page=12).data == "t12"
    assert Press(Action.QUESTIONS, topic=topic).data == "qd897b5ca754110728eae5e360"
    opened = "o6f157b7548361a237e46b273d897b5ca754110728eae5e367"
    assert Press(Action.OPEN, key, topic, 7).data == opened
    votes = (Action.UP, Action.DOWN, Action.DOWN_AGAIN, Action.UNVOTE)
    assert [Press(it).data for it in votes] == ["u", "d", "w", "v"]
    assert key_of("") == "b8e1dda3ac0aa3820ad2990b"
    assert EVERYTHING == "0" * 24


@given(_ids, st.text(max_size=200), st.integers(0, 999_999))
@example("\ud800", "ж" * 1000, 999_999)
def test_any_place_fits_a_button(id_: str, topic: str, page: int) -> None:
    """However many topics and pages there are, a button carries them there and back."""
    key, shelf = key_of(id_), key_of(topic)
    place = Press(Action.QUESTIONS, topic=shelf, page=page)
    opened = press_for(id_).within(shelf, page)
    related = Press(Action.RELATED, key)
    for press in (place, opened, related, Press(Action.TOPICS).at(page), Press(Action.UP)):
        assert 1 <= len(press.data.encode()) <= MAX_DATA_BYTES
        assert read_press(press.data) == press
    assert opened.entry([entry("else"), entry(id_)]) == entry(id_)


@given(st.lists(_ids, min_size=1, unique=True), st.data())
def test_a_press_finds_its_entry(ids: list[str], data: st.DataObject) -> None:
    """A press means the entry whose id it was made of, in whatever order the FAQ is."""
    wanted = data.draw(st.sampled_from(ids))
    found = press_for(wanted).entry([entry(it) for it in ids])
    assert found
    assert found.id == wanted


def test_a_press_finds_an_entry_by_a_former_id() -> None:
    """A button that was sent before a heading was edited still leads to its answer."""
    faq = [_former("pay", "payment"), _former("open", "hours", "times")]
    found = press_for("times").entry(faq)
    assert found
    assert found.id == "open"


def test_a_press_for_what_is_gone_finds_nothing() -> None:
    """An entry that was removed is not mistaken for another."""
    assert press_for("gone").entry([entry("open")]) is None
    assert Press(Action.NONE).entry([entry("open"), entry("")]) is None


@given(st.text(max_size=64))
@example("a")
@example("nn")
@example("a" + "g" * 24)
@example("a" + "0" * 23)
@example("b" + "0" * 24)
def test_what_no_button_said_means_nothing(data: str) -> None:
    """Data of other programs is not understood as anything."""
    press = read_press(data)
    assert press is None or press.data == data


def test_what_looks_like_data_but_is_not() -> None:
    """One sign too few, too many or wrong, and a press says nothing."""
    good = press_for("open").data
    assert read_press(good) is not None
    for wrong in ("", "a", "nn", good[:-1], f"{good}0", f"b{good[1:]}", f"{good[:-1]}g"):
        assert read_press(wrong) is None
    place = Press(Action.QUESTIONS, topic=EVERYTHING, page=1).data
    assert read_press(place) is not None
    for wrong in (
        "t",
        "t01",
        "t-1",
        "t1\n",
        "t\u0661",
        "t1000000",
        place[:-1],
        f"o{place[1:]}",
        "u0",
    ):
        assert read_press(wrong) is None


def test_suggestions_are_buttons_in_their_order() -> None:
    """Each question has a row of its own, the likeliest first, and the last row refuses all."""
    entries = [entry("pay", "How can I pay?"), entry("open", "When do you open?")]
    keyboard = suggestions(entries, ENGLISH)
    texts = [[it.text for it in row] for row in keyboard.inline_keyboard]
    assert texts == [["How can I pay?"], ["When do you open?"], ["None of these"]]
    assert presses_of(keyboard) == (press_for("pay"), press_for("open"), Press(Action.NONE))
    assert presses_of(None) == ()


def _votes(keyboard: InlineKeyboardMarkup) -> list[str]:
    return [it.text for it in keyboard.inline_keyboard[-1]]


@given(st.lists(st.sampled_from([None, *Vote])))
def test_votes_come_and_go(votes: list[Vote | None]) -> None:
    """The last vote shows, alternatives are asked for once, and what stands above stays."""
    keyboard = below_answer([entry("a"), entry("b")], ENGLISH, with_votes=True)
    assert keyboard
    above = keyboard.inline_keyboard[:-1]
    assert [it.data for it in presses_of(keyboard)[2:]] == ["u", "d"]
    for count, vote in enumerate(votes, start=1):
        keyboard = with_vote(keyboard, vote)
        assert _votes(keyboard) == [
            "👍 ✓" if vote is Vote.UP else "👍",
            "👎 ✓" if vote is Vote.DOWN else "👎",
        ]
        assert keyboard.inline_keyboard[:-1] == above
        assert (Press(Action.DOWN) in presses_of(keyboard)) == (Vote.DOWN not in votes[:count])
        backs = presses_of(keyboard).count(Press(Action.UNVOTE))
        assert backs == (vote is not None)


def test_a_button_that_is_used_up_goes() -> None:
    """The others stay; without any there is no keyboard."""
    keyboard = below_answer([entry("a"), entry("b")], ENGLISH, with_votes=False)
    assert keyboard
    first, second = presses_of(keyboard)
    left = without(keyboard, first)
    assert presses_of(left) == (second,)
    assert left
    assert without(left, second) is None
    assert below_answer([], ENGLISH, with_votes=False) is None


@given(st.lists(st.text(max_size=100), min_size=1, max_size=12))
def test_buttons_that_stand_together_differ(texts: list[str]) -> None:
    """Texts that do not all fit are numbered, so that no two buttons look the same."""
    shown = labels(texts)
    assert all(utf16_units(it) <= MAX_LABEL_UNITS for it in shown)
    if fit(texts):
        assert list(shown) == texts
    else:
        assert len(set(shown)) == len(texts)
        assert [it.partition(". ")[0] for it in shown] == [str(i + 1) for i in range(len(texts))]


_clusters = st.sampled_from(
    ["a", " ", "ß", "\U0001f600", _FAMILY, "e\u0301", "한", "\U0001f1e9\U0001f1ea"]
) | st.characters(codec="utf-8")


@given(st.lists(_clusters, max_size=150).map("".join))
@example("e" + "\u0301" * 100)
@example(_FAMILY * 20)
def test_a_long_question_is_cut_between_characters(text: str) -> None:
    """What is too long for a button ends in an ellipsis, and no joined emoji is torn apart."""
    short = label(text)
    assert utf16_units(short) <= MAX_LABEL_UNITS
    if utf16_units(text) <= MAX_LABEL_UNITS:
        assert short == text
        return
    assert short.endswith("…")
    kept = short[:-1]
    assert text.startswith(kept)
    clusters = list(segments.grapheme_iter(text))
    borders = {"".join(clusters[:count]).rstrip() for count in range(len(clusters))}
    assert kept in borders or utf16_units(clusters[0]) > MAX_LABEL_UNITS // 2

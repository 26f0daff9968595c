"""Cleaning, comparing and cutting text in every script."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.text import clean, cut, has_words, normalise, one_line, quieted

any_text = st.text(st.characters())  # lone surrogates as well, which st.text() leaves out


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Hello \n", "Hello"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\ud800b", "ab"),
        ("a\ue000b", "ab"),
        ("one\n\ttwo", "one\n\ttwo"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("\u200fשלך\u200e", "\u200fשלך\u200e"),
    ],
)
def test_cleaning_drops_what_nobody_sees(text: str, cleaned: str) -> None:
    """Control characters and lone surrogates go; line breaks, joined emoji and RTL marks stay."""
    assert clean(text) == cleaned


@given(any_text)
@example("\ud83d")
def test_what_is_clean_can_be_sent(text: str) -> None:
    """Whatever comes in, what comes out can be encoded, and cleaning it again changes nothing."""
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\r\n", "\u00a0", "\u2028", "  \n\n "])
def test_a_question_is_one_line(space: str) -> None:
    """Whatever white space parts two words, one space does in the end."""
    assert one_line(f"opening{space}hours") == "opening hours"


@pytest.mark.parametrize("space", ["\r", "\x0b", "\x0c", "\x85"])
def test_rare_line_breaks_part_words(space: str) -> None:
    """A line break that Word or an old Mac wrote parts two words like any other."""
    assert one_line(f"opening{space}hours") == "opening hours"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("When are you OPEN?", "when are you open?"),
        ("Straße", "STRASSE"),
        ("ＡＢＣ １２３", "abc 123"),  # noqa: RUF001 - full width is what is tested
        ("ﾊﾟﾝ", "パン"),  # half width likewise
        ("e\u0301te\u0301", "été"),
        ("so   much\n space", "so much space"),
        ("Really?!!!!!", "really?!"),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth", "zerowidth"),
        ("\u200fשלך\u200e", "שלך"),
        ("\ufeffhello", "hello"),
        ("fi\ufb01", "fifi"),
    ],
)
def test_what_means_the_same_is_the_same(one: str, other: str) -> None:
    """Case, width, spacing, repeated punctuation and invisible signs make no other question."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C", "C++"), ("route 11", "route 1"), ("schon", "schön"), ("か", "が")]
)
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    """Signs, digits, accents and voicing marks make another question."""
    assert normalise(one) != normalise(other)


@given(any_text)
@example("e\u200d\u0301")  # an accent that joins its letter only once the joiner between is gone
@example("\u00df\u0301")  # ß with an accent: folding makes ss, whose last letter takes the accent
@example("!\u200b!")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """A text in its normal form is its own normal form, so that one lookup finds the other."""
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("When are you OPEN?", "When are you OPEN?"),
        ("Paris or paris", "Paris or paris"),
        ("WHEN ARE YOU OPEN???", "when are you open?"),
        ("КОГДА ОТКРЫТО", "когда открыто"),
        ("IN CAPITALS mostly", "in capitals mostly"),
        ("ＡＢＣ １２３", "abc 123"),  # noqa: RUF001 - full width is what is tested
        ("\N{FULLWIDTH LATIN SMALL LETTER N}ow", "now"),
        ("so   much\n space!!!", "so much space!"),
        ("zero\u200bWidth", "zeroWidth"),
        ("\u2121", "tel"),  # the one sign for TEL unfolds to three capitals
        ("东京 2024", "东京 2024"),
    ],
)
def test_only_shouting_is_quieted(text: str, quiet: str) -> None:
    """Capitals say something, unless most letters are such; width and spacing are folded away."""
    assert quieted(text) == quiet


@given(any_text)
@example("\u2121")
@example("\u13f8\u13f8")  # a script whose folded letters are its capitals
@example("\u00c5\u00c5\u030a")
def test_what_is_quiet_stays_so(text: str) -> None:
    """Quieting twice changes nothing, and shouting or not, it is the same text to a reader."""
    assert quieted(quieted(text)) == quieted(text)
    # An iota below a letter is a mark, and folded it is a letter: twice in a row, it is both.
    assume("\u0345" not in text)
    assert normalise(quieted(text)) == normalise(text)


@given(st.text(st.sampled_from("abcxyz ?!")))
def test_shouting_is_heard_as_calm(text: str) -> None:
    """A question in capitals throughout is the same question in small letters."""
    assert quieted(text.upper()) == quieted(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "7",
        "Wo?",
        "什么",
        "どこ",
        "어디",
        "أين",
        "איפה",
        "ที่ไหน",
        "क्या",
        "½",
        "①",
        "a1️⃣",
        "👍 ok",
        "🇩🇪 de",
    ],
)
def test_there_are_words(text: str) -> None:
    """A letter or a digit of any script can be understood, with or without emoji beside it."""
    assert has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "\n\t", "?!…", "。、؟", "--- *** ___", "€ + =", "\ud800"),
        *("👍", "👍🏽", "👨\u200d👩\u200d👧", "🇩🇪", "❤️", "⌚️", "☺", "©", "™️", "ℹ️", "Ⓜ️", "㊗️"),  # noqa: RUF001 - an emoji made of a letter
        *("1️⃣", "#️⃣", "*️⃣", "0\u20e3", "1️⃣2️⃣3️⃣"),
        *("\u200b\u200d", "\ufeff", "\u00ad", "\u034f", "\u2800", "\u180e", "\U000e0041"),
        *("\u3164", "\u115f\u1160", "\uffa0 \u3164", "\u0301"),
    ],
)
def test_there_are_no_words(text: str) -> None:
    """Emoji, keycaps, punctuation, invisible signs and Hangul fillers alone say nothing."""
    assert not has_words(text)


@pytest.mark.parametrize(
    ("text", "max_bytes", "short"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hell"),
        ("größe", 3, "gr"),
        ("größe", 4, "grö"),
        ("日本語", 8, "日本"),
        ("👍👍", 7, "👍"),
        ("👍", 3, ""),
        ("a", 0, ""),
    ],
)
def test_a_cut_keeps_characters_whole(text: str, max_bytes: int, short: str) -> None:
    """A text is cut before a character that does not fit, never inside it."""
    assert cut(text, max_bytes=max_bytes) == short


@given(st.text(), st.integers(0, 40))
def test_a_cut_takes_as_much_as_fits(text: str, max_bytes: int) -> None:
    """A cut text is a beginning of the text that fits, and the next character would not."""
    short = cut(text, max_bytes=max_bytes)
    assert text.startswith(short)
    assert len(short.encode()) <= max_bytes
    assert short == text or len(text[: len(short) + 1].encode()) > max_bytes

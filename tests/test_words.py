"""The tokens of lexical matching, in every script."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.matching.words import grams, words
from bot.text import has_words, normalise

_any_text = st.text(st.characters())  # lone surrogates as well, which st.text() leaves out
# Scripts with and without spaces, marks, joints and signs close together.
_mixed_text = st.text("aB9é-._ !\u0301かガ錯พั์ျ្मैंعّ\ufe0f\u2010\U00020001\U000e0100")
_text = _any_text | _mixed_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?! 🎄 ❤️", []),
        ("How do I RESET my password?", ["how", "do", "i", "reset", "my", "passw"]),
        ("passwords, Password; passwörter", ["passw", "passw", "passw"]),
        ("don't", ["don", "t"]),
        ("Mon-Fri", ["mon", "fri"]),
        ("**bold** _italic_ `code`", ["bold", "itali", "code"]),
        ("End.Beginning", ["end", "begin"]),
        ("Straße", ["stras"]),
        ("Сбросить пароль", ["сброс", "парол"]),  # noqa: RUF001 - Cyrillic letters are what is tested
    ],
)
def test_words_are_cut_to_stems(text: str, expected: list[str]) -> None:
    """Words are folded and cut, so that their forms meet; signs and emoji are no words."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("error 0x80070005!", ["error", "0x80070005"]),
        ("Windows11Pro", ["windows11pro"]),
        ("E-1234", ["e", "1234", "e1234"]),
        ("E\u20101234", ["e", "1234", "e1234"]),
        ("ERROR_404:", ["error", "404", "error404"]),
        ("(v2.1.)", ["v2", "1", "v2.1"]),
        ("--1--", ["1"]),
        ("錯誤0x80070005怎麼辦", ["錯誤", "0x80070005", "怎麼", "麼辦"]),
    ],
)
def test_codes_stay_whole(text: str, expected: list[str]) -> None:
    """What holds a digit is not cut; one of several parts is there in parts and as a whole."""
    assert words(text) == expected


@pytest.mark.parametrize("code", ["E1234", "e 1234", "E-1234", "e_1234"])
def test_spellings_of_a_code_meet(code: str) -> None:
    """However a person writes a code, it shares a token with the FAQ's spelling."""
    assert set(words(code)) & set(words("E-1234"))
    assert not set(words(code)) & set(words("F-1235"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("मैं पासवर्ड", ["मैं", "पासवर"]),
        ("مُحَمَّد", ["مُحَم"]),
        ("x\u0323\u0304y", ["x\u0323\u0304y"]),
        ("葛\U000e0100城", ["葛城"]),
        ("1\ufe0f\u20e3", ["1"]),
        ("\u2764\ufe0fyes", ["yes"]),
        ("a-\u0301b", ["a", "b"]),
    ],
)
def test_marks_stay_with_their_letters(text: str, expected: list[str]) -> None:
    """A combining mark parts no word; one that only chooses a glyph does not count at all."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("如何重置密码?", ["如何", "何重", "重置", "置密", "密码"]),
        ("パスワードを忘れた", ["パス", "スワ", "ワー", "ード", "ドを", "を忘", "忘れ", "れた"]),
        ("水", ["水"]),
        ("リセット button、東京", ["リセ", "セッ", "ット", "butto", "東京"]),
        ("ภาษา", ["ภา", "าษ", "ษา"]),
        ("ພາສາ", ["ພາ", "າສ", "ສາ"]),
        ("ភាសា", ["ភា", "ាស", "សា"]),
        ("ဘာသာ", ["ဘာ", "ာသ", "သာ"]),
        ("\U00020001\U00020002", ["\U00020001\U00020002"]),
    ],
)
def test_scripts_without_spaces_give_pairs(text: str, expected: list[str]) -> None:
    """Where no space parts words, each pair of neighbours is a token."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A!", [" a "]),
        ("ab", [" ab", "ab ", " ab "]),
        ("E-12", [" e ", " 12", "12 ", " 12 "]),
        ("東京", [" 東京", "東京 ", " 東京 "]),
        (
            "word",
            [" wo", "wor", "ord", "rd ", " wor", "word", "ord ", " word", "word "],
        ),
    ],
)
def test_grams_are_runs_of_each_word(text: str, expected: list[str]) -> None:
    """Each word gives its runs of three to five characters, a space on either side counted."""
    assert grams(text) == expected


def test_grams_survive_a_typo() -> None:
    """A word that is spelt wrongly still shares some of its runs."""
    assert len(set(grams("password")) & set(grams("passwrod"))) >= 6


@given(_text)
@example("\ud83d")
@example("e\u0323\u0301")
def test_what_is_normal_has_the_same_tokens(text: str) -> None:
    """Whatever comes in, tokens do not depend on what normalising folds."""
    assert words(normalise(text)) == words(text)
    assert grams(normalise(text)) == grams(text)


@given(_text)
@example("a-\u0301")
def test_tokens_are_never_empty(text: str) -> None:
    """Each token has a letter or a digit to it or, within a run, a mark, and no white space."""
    for word in words(text):
        assert word
        assert not any(char.isspace() or char in '-_"\0' for char in word)
        word.encode()
    for gram in grams(text):
        assert 3 <= len(gram) <= 5
        assert gram.strip()


@given(_text)
def test_words_and_grams_come_together(text: str) -> None:
    """A text with words has both kinds of tokens, and one without letters and digits neither."""
    assert bool(words(text)) == bool(grams(text))
    if has_words(normalise(text)):
        assert words(text)


@given(st.lists(st.sampled_from(["wort", "E-1234", "слово", "密码", "मैं", "v2.1"]), max_size=6))
def test_each_word_counts(parts: list[str]) -> None:
    """A text's tokens are those of its words, in their order, as often as they occur."""
    text = ", ".join(parts)
    assert words(text) == list(itertools.chain.from_iterable(map(words, parts)))
    assert grams(text) == list(itertools.chain.from_iterable(map(grams, parts)))

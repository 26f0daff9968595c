"""An admin's own words in the place of the bot's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.commands import run
from bot.faq.yaml_text import quoted
from bot.model import Problem
from bot.wording.catalogue import Key, shipped
from bot.wording.wording_file import Texts, WordingFile, parse_wording, template

_CATALOGUES = {it.language: it for it in shipped()}
_KEYS = list(_CATALOGUES["en"].texts)
_NO_ANSWER = "I have no answer to that."
_MORE = "and {number} more"


def _parsed(text: str) -> tuple[Texts, tuple[Problem, ...]]:
    return parse_wording(text.encode(), "wording.yaml", _CATALOGUES)


def _said(text: str) -> Texts:
    """Read what has no problem."""
    texts, problems = _parsed(text)
    assert problems == ()
    return texts


def test_a_text_is_named_in_english_or_as_it_is_shown() -> None:
    """Admins copy what they see, in whichever language they see it."""
    mine = {(_NO_ANSWER, ""): ("Keine Ahnung.",)}
    assert _said(f"de:\n  {_NO_ANSWER}: Keine Ahnung.") == {"de": mine}
    assert _said("German:\n  Darauf habe ich keine Antwort.: Keine Ahnung.") == {"de": mine}
    for nothing in ("", "# nothing yet\nde:\n"):
        assert _said(nothing) == {}


def test_a_text_with_a_number_has_forms() -> None:
    """One text may do for all numbers; else there is one for each form that the language has."""
    assert _said(f"de:\n  {_MORE}: 'und {{number}}'")["de"][_MORE, _MORE] == (
        *("und {number}", "und {number}"),
    )
    forms = "[и ещё один, 'и ещё {number}', 'и ещё целых {number}']"
    assert _said(f"ru:\n  {_MORE}: {forms}")["ru"][_MORE, _MORE][2] == "и ещё целых {number}"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("de:\n  I have no answer to it.: x", 2, 'The bot never says "I have no answer to it."'),
        ("de:\n  zzzzzzzzzzzzzzzzzzzz: x", 2, 'The bot never says "zzzz'),
        ("\nklingon:\n  a: b", 2, '"klingon" is no language.'),
        ("de: Hallo", 1, 'Below "de" there must be texts.'),
        ("- de", 1, "This file must begin with a language."),
        ("de:\n  'a", 2, "This is not valid YAML"),
        (f"de:\n  {_NO_ANSWER}: ''", 2, f'"{_NO_ANSWER}" needs one text.'),
        (f"de:\n  {_NO_ANSWER}: {{a: b}}", 2, f'"{_NO_ANSWER}" needs one text.'),
        (f"de:\n  {_NO_ANSWER}: [a, b]", 2, f'"{_NO_ANSWER}" needs one text.'),
        (f"de:\n  {_MORE}: [a, b, c]", 2, "a list of 2 texts"),
        (f"de:\n  {_NO_ANSWER}: Nein, {{name}}.", 2, "Nothing is known here to fill {name} with."),
        (f"de:\n  {_MORE}: 'und {{count}}'", 2, "Nothing is known here to fill {count} with."),
        ("de:\n  Your id is `{id}`.: Hallo", 2, "{id} is missing in this text."),
        ("de:\n  Your id is `{id}`.: '{id'", 2, "A brace in this text has no partner"),
        ("de:\n  Your id is `{id}`.: '{id.real}'", 2, "or holds more than a name"),
        ("de:\n  Your id is `{id}`.: '{id!r:>99}'", 2, "or holds more than a name"),
        (f"de:\n  {_NO_ANSWER}: a\n  {_NO_ANSWER}: b", 3, "stands twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, what: str) -> None:
    """Each mistake is told with its place and how to mend it, and what is right counts still."""
    texts, problems = _parsed(text)
    (problem,) = problems
    assert (problem.source.file, problem.source.line) == ("wording.yaml", line)
    assert what in problem.what
    assert problem.mend.endswith((".", "?"))
    assert set(texts.get("de", {})) <= {(_NO_ANSWER, "")}


def test_the_nearest_text_is_suggested() -> None:
    """A slip of the pen is easily mended, in English and in the admin's own language."""
    for near in (_NO_ANSWER, "Darauf habe ich keine Antwort."):
        _, (problem,) = _parsed(f"de:\n  {near[:-1]}: x")
        assert problem.mend == f'Did you mean "{near}"?'


def test_a_language_that_is_not_shipped() -> None:
    """Admins may add one; a variety of a shipped one begins with that."""
    texts, (problem,) = _parsed(f"fr:\n  {_NO_ANSWER}: Je ne sais pas.")
    assert texts["fr"] == {(_NO_ANSWER, ""): ("Je ne sais pas.",)}
    assert problem.severity == "warning"
    assert f"{len(_KEYS) - 1} of {len(_KEYS)} texts" in problem.what
    assert _said(f"de-AT:\n  {_NO_ANSWER}: Weiß ich leider nicht.").keys() == {"de-at"}


def test_what_cannot_be_read() -> None:
    """A file that is gone, or no text, is told, too."""
    _, (gone,) = parse_wording(None, "w.yaml", _CATALOGUES)
    assert "cannot be read" in gone.what
    _, (latin,) = parse_wording("de:\n  ä: b".encode("latin-1"), "w.yaml", _CATALOGUES)
    assert (latin.source.line, latin.what) == (2, "This file is not UTF-8.")


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar", "de-at", "fr"])
def test_the_printed_file_is_one_to_begin_with(language: str) -> None:
    """As it is printed it changes nothing; with all its lines in force it says what is shipped."""
    printed = template(language, _CATALOGUES)
    assert _said(printed) == {}
    lines = printed.split("\n")
    start = lines.index(f"{language}:")
    in_force = [line.replace("#", " ", 1) for line in lines[start + 1 :]]
    texts = _said("\n".join([*lines[: start + 1], *in_force]))
    known = _CATALOGUES.get(language) or _CATALOGUES["de" if language == "de-at" else "en"]
    assert texts[language] == {key: known.texts[key] for key in _KEYS}


def test_a_printed_plural_tells_its_numbers() -> None:
    """An admin sees which form is for which numbers."""
    printed = template("ru", _CATALOGUES)
    assert '- "и ещё {number}"  # for 1, 21, 31 …' in printed
    assert '- "и ещё {number}"  # for 2, 3, 4 …' in printed


@given(
    st.sampled_from([key for key in _KEYS if not key[1] and "{" not in key[0]]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1),
)
def test_any_text_may_be_said(key: Key, text: str) -> None:
    """Whatever an admin writes is said to the letter, unless it asks to be filled in."""
    texts, problems = _parsed(f"de:\n  {quoted(key[0])}: {quoted(text)}")
    if problems:
        assert not text.strip() or ("{" in text and "}" in text)
        return
    wording = WordingFile(None)
    wording.languages.override(texts)
    assert wording.languages.speech("de").say(key[0]) == texts["de"][key][0] == text.strip()


def test_the_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    """Problems are told once; a file that breaks leaves the shipped words in place."""
    file = tmp_path / "wording.yaml"
    wording = WordingFile(file)
    assert "cannot be read" in wording.refresh()[0].what
    file.write_text(f"de:\n  {_NO_ANSWER}: Keine Ahnung.\n")
    assert wording.refresh() == wording.refresh() == ()
    assert wording.languages.speech("de").say(_NO_ANSWER) == "Keine Ahnung."
    file.write_text("de: [")
    assert len(wording.refresh()) == 1
    assert wording.refresh() == ()
    assert wording.languages.speech("de").say(_NO_ANSWER) == "Darauf habe ich keine Antwort."
    file.write_bytes(b"#" * 1_000_001)
    assert "cannot be read" in wording.refresh()[0].what


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`config` prints a file to begin with, and `check` tells what is wrong with it."""
    monkeypatch.chdir(tmp_path)
    assert run(["config", "--wording", "German"]) == 0
    printed = capfd.readouterr().out
    assert printed == template("de", _CATALOGUES)
    assert run(["config", "--wording", "klingon"]) == 1
    assert "is no language" in capfd.readouterr().err

    (tmp_path / "faq.md").write_text("## Is it free?\n\nYes.\n")
    file = tmp_path / "wording.yaml"
    file.write_text(f"{printed}  {_NO_ANSWER}: 'Nein {{name}}'\n")
    monkeypatch.setenv("FAQBOT_WORDING_PATH", str(file))
    assert run(["check", "faq.md", "--quick"]) == 1
    told = capfd.readouterr().err
    assert f"{file}:{len(printed.splitlines()) + 1}:1: error: Nothing is known here" in told
    assert f"{_NO_ANSWER}: 'Nein" in told

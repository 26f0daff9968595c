"""The commands `new`, `export`, `import` and `check --fix`, as an admin uses them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.cli.commands import run
from bot.faq.file_text import read_file
from bot.faq.folder import read_faq

Faqbot: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="faqbot")
def _faqbot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Faqbot:
    """Give a function that runs a command in an empty folder: status, output, what is beside it."""
    monkeypatch.chdir(tmp_path)

    def run_it(*arguments: str) -> tuple[int, str, str]:
        status = run(arguments)
        output = capsys.readouterr()
        return status, output.out, output.err

    return run_it


# A new FAQ


def test_a_new_faq_answers_at_once(faqbot: Faqbot) -> None:
    """Who begins has a FAQ without a problem, that answers all its test questions rightly."""
    status, told, _ = faqbot("new")
    assert status == 0
    assert told.endswith(
        "A small FAQ stands in faq/questions.md: change it as you like.\n"
        "Ask it something:  faqbot chat\n"
        "Test it:           faqbot eval faq/_questions.yaml\n"
    )
    faq = read_faq(Path("faq"))
    assert not faq.problems
    assert len(faq.entries) == 4
    status, told, _ = faqbot(
        *("eval", "faq/_questions.yaml", "--json", "--min-precision", "1", "--min-coverage", "1")
    )
    assert status == 0
    assert json.loads(told)["combined_accuracy"] == 1


def test_a_new_faq_never_covers_another(faqbot: Faqbot) -> None:
    """Where there is a FAQ, or a file, nothing is written, and another place is named."""
    Path("mine").mkdir()
    Path("mine", "a.md").write_text("## A?\nB.\n")
    status, _, error = faqbot("new", "mine")
    assert status == 1
    assert error == (
        "There is a FAQ in mine already (a.md), and nothing was written: name another folder, as "
        "in faqbot new mine-new.\n"
    )
    assert [it.name for it in Path("mine").iterdir()] == ["a.md"]
    assert "is a file: name a folder" in faqbot("new", "mine/a.md")[2]
    status, told, _ = faqbot("new", "other")
    assert "faqbot chat --faq other" in told
    Path("other", "questions.md").unlink()
    assert "(_questions.yaml)" in faqbot("new", "other")[2]


# Out


@pytest.mark.parametrize("form", ["csv", "yaml", "markdown", "jsonl"])
def test_an_export_can_be_shown(form: str, faqbot: Faqbot) -> None:
    """Without a file the text comes to standard output, with nothing else in it."""
    faqbot("new")
    status, told, error = faqbot("export", "--format", form)
    assert status == 0
    assert "opening-hours" in told
    assert "Embedder:" not in told
    assert error.startswith("Embedder:")
    if form in {"yaml", "markdown"}:
        Path("other").mkdir()
        Path("other", "faq.md" if form == "markdown" else "faq.yaml").write_text(told)
        texts = [
            [(it.id, it.questions, it.answer) for it in read_faq(Path(name)).entries]
            for name in ("faq", "other")
        ]
        assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "name",
    ["out/faq.csv", "faq.xlsx", "faq.yml", "f.md", "faq.jsonl"],
)
def test_an_export_goes_to_a_file_and_never_over_another(name: str, faqbot: Faqbot) -> None:
    """The end of the name tells the format; a file that is there is only replaced when asked."""
    faqbot("new")
    status, told, error = faqbot("export", "--output", name)
    assert (status, told) == (0, "")
    assert f"4 entries written to {name}.\n" in error
    assert f"bring the changes back with: faqbot import {name}\n" in error
    data = read_file(Path(name))
    assert data.startswith(b"\xef\xbb\xbf") == name.endswith(".csv")  # for Excel
    status, _, error = faqbot("export", "--output", name)
    assert status == 1
    assert f"{name} is there already, and nothing was written" in error
    assert faqbot("export", "--output", name, "--force")[0] == 0


def test_an_export_that_cannot_be_is_told(faqbot: Faqbot) -> None:
    """Each reason comes with what to do."""
    Path("faq").mkdir()
    assert "There is no entry to export in faq" in faqbot("export")[2]
    Path("faq", "a.jsonl").write_text('{"id": "a", "questions": ["A"], "answer": "# B"}\n')
    Path("faq", "b.md").write_text("## B?\n<!--\n")
    assert "name a file for it, as in --output faq.xlsx" in faqbot("export", "--format", "xlsx")[2]
    assert "does not tell the format" in faqbot("export", "--output", "faq.txt")[2]
    assert "choose YAML instead" in faqbot("export", "--format", "markdown")[2]
    status, _, error = faqbot("export", "--format", "yaml")
    assert status == 0
    assert "faq/b.md cannot be read wholly, so what stands there is missing" in error


# In


def test_an_edited_export_goes_back(faqbot: Faqbot) -> None:
    """What was edited elsewhere changes where it stands; a dry run only tells it."""
    faqbot("new")
    before = Path("faq/questions.md").read_text()
    faqbot("export", "--output", "out.yaml")
    status, told, _ = faqbot("import", "out.yaml")
    assert status == 0
    assert "out.yaml says nothing else than the FAQ does, so nothing was changed.\n" in told
    text = Path("out.yaml").read_text()
    new = "- question: New?\n  topic: Our shop\n  language: en\n  answer: Yes.\n"
    Path("out.yaml").write_text(text.replace("from 9 to 18", "from 9 to 19") + new)
    status, told, _ = faqbot("import", "out.yaml", "--dry-run")
    assert told.endswith(
        "1 entry would be changed: opening-hours.\n1 entry would be added: New?.\n"
        "  Would be written: faq/questions.md\n"
    )
    assert Path("faq/questions.md").read_text() == before
    status, told, _ = faqbot("import", "out.yaml", "--json")
    assert status == 0
    (file,) = json.loads(told)["files"]
    assert (file["changed"], file["added"]) == (["opening-hours"], ["New?"])
    after = Path("faq/questions.md").read_text()
    assert after == f"{before.replace('from 9 to 18', 'from 9 to 19')}\n## New?\n\nYes.\n"


def test_what_an_export_lacks_is_told(faqbot: Faqbot) -> None:
    """Entries and properties that are not in the file stay, and that is said."""
    faqbot("new")
    Path("a.yaml").write_text("- id: payment\n  question: How can I pay?\n  answer: In cash.\n")
    status, told, _ = faqbot("import", "a.yaml")
    assert status == 0
    assert (
        "No entry of a.yaml has alternatives, keywords, language, topic, so that stays as it is in "
        "the FAQ.\n3 entries are in the FAQ but not in a.yaml, and stay: opening-hours, returns, "
        "do-you-have-a-shop-in-berlin. (To remove such entries, import with --delete.)\n"
    ) in told
    status, told, _ = faqbot("import", "a.yaml", "--delete")
    assert "3 entries removed: opening-hours," in told
    assert [it.answer for it in read_faq(Path("faq")).entries] == ["In cash."]


def test_another_faq_becomes_a_new_file(faqbot: Faqbot) -> None:
    """A file of somebody else's is read, and written where it is asked for, never over another."""
    Path("Old FAQ.md").write_text("# Old\n\n## A?\n\nB.\n\n## C?\n\nD.\n")
    status, told, _ = faqbot("import", "Old FAQ.md")
    assert status == 0
    assert told.endswith(
        "Old FAQ.md: 2 entries written to faq/old-faq.md.\n"
        "Look through it, then ask something: faqbot chat\n"
    )
    assert Path("faq/old-faq.md").read_text() == Path("Old FAQ.md").read_text()
    assert "faq/old-faq.md is there already" in faqbot("import", "Old FAQ.md")[2]
    for name in ("more", "x/y.yaml"):
        assert faqbot("import", "Old FAQ.md", "--into", name)[0] == 0
    assert Path("more/old-faq.md").exists()
    assert [it.question for it in read_faq(Path("x/y.yaml")).entries] == ["A?", "C?"]
    assert "does not tell in which format" in faqbot("import", "Old FAQ.md", "--into", "a.txt")[2]
    status, told, _ = faqbot("import", "Old FAQ.md", "--into", "no", "--dry-run")
    assert told.endswith("Old FAQ.md: 2 entries would be written to no/old-faq.md.\n")
    assert not Path("no").exists()


def test_what_markdown_cannot_hold_becomes_yaml(faqbot: Faqbot) -> None:
    """An answer that would tear a Markdown file apart is written as YAML unasked."""
    line = '{"id": "a", "questions": ["A"], "answer": "# B\\n\\n# C"}\n'
    Path("a.jsonl").write_text(line)
    assert "choose YAML instead" in faqbot("import", "a.jsonl", "--into", "b.md")[2]
    assert "written to faq/a.yaml" in faqbot("import", "a.jsonl")[1]


def test_an_import_that_cannot_be_is_told(faqbot: Faqbot) -> None:
    """Each reason comes with what to do, and nothing is written."""
    faqbot("new")
    Path("b.md").write_text("nothing here\n")
    Path("c.md").write_text("## A?\n<!-- id: payment -->\nB.\n")
    Path("d.md").write_text("## D?\n\nE.\n")
    Path("e.zip").write_bytes(b"PK")
    for arguments, words in (
        (("gone.md",), "There is no file gone.md: look whether its name is right."),
        (("faq/questions.md",), "is part of the FAQ already"),
        (("c.md", "--into", "x"), 'c.md has entries of the FAQ, such as "payment": leave --into'),
        (("d.md", "--faq", "c.md"), "The FAQ is the one file c.md"),
    ):
        status, _, error = faqbot("import", *arguments)
        assert status == 1
        assert words in error
    assert faqbot("import", "e.zip")[0] == 1
    status, told, error = faqbot("import", "b.md")
    assert status == 1
    assert "b.md: there is no question with an answer in it, so nothing was done.\n" in told
    assert "There is no heading in this file" in error


def test_what_an_export_asks_in_vain_is_told(faqbot: Faqbot) -> None:
    """What cannot be brought back is said, and the status is 1."""
    Path("faq").mkdir()
    Path("faq/a.md").write_text("## A?\n<!-- id: a -->\nB.\n")
    text = "- id: a\n  question: A?\n  answer: B.\n"
    Path("b.yaml").write_text(f"{text}{text}")
    status, told, error = faqbot("import", "b.yaml")
    assert status == 1
    assert "b.yaml says nothing else than the FAQ does" in told
    assert 'The entry "a" stands in the file twice; only the first counts.' in error


def test_a_table_goes_out_and_comes_back(faqbot: Faqbot) -> None:
    """The way through a spreadsheet changes only what was changed there."""
    faqbot("new")
    before = Path("faq/questions.md").read_text()
    faqbot("export", "--output", "out.csv")
    assert "so nothing was changed" in faqbot("import", "out.csv")[1]
    assert Path("faq/questions.md").read_text() == before
    text = Path("out.csv").read_text("utf-8")
    Path("out.csv").write_text(text.replace("Not yet.", "=Soon!"), "utf-8")
    assert faqbot("import", "out.csv")[0] == 0
    assert Path("faq/questions.md").read_text() == before.replace("Not yet.", "=Soon!")


# Mended


def test_check_mends_what_it_can(faqbot: Faqbot) -> None:
    """Each file is told with what was done to it; a second time there is nothing to do."""
    Path("faq").mkdir()
    Path("faq/a.md").write_text("## A?\n\nB.\n\n##C?\n\nD.\n")
    status, told, _ = faqbot("check", "--fix")
    assert status == 0
    assert (
        "a.md: put the missing space after the # of a heading (line 5); wrote down 2 ids.\n"
    ) in told
    assert "2 answers to 2 phrasings in 1 file; 0 errors, 1 warning.\n" in told
    assert Path("faq/a.md").read_text() == (
        "## A?\n<!-- id: a -->\n\nB.\n\n## C?\n<!-- id: c -->\n\nD.\n"
    )
    told = faqbot("check", "--fix")[1]
    assert "There is nothing that can be mended without asking.\n" in told
    Path("faq/b.md").write_bytes(b"## A\x81\x8d?\n\nB\xff\xa6\xb1.\n")
    status, told, error = faqbot("check", "--fix", "--json")
    assert status == 1
    assert json.loads(told)["errors"] == 1
    assert "b.md is not UTF-8 text" in error


def test_what_a_table_cannot_hold_stays_as_it_is(faqbot: Faqbot) -> None:
    """Whatever comes back otherwise from a table is no edit, if nobody edited it there."""
    Path("faq").mkdir()
    text = (
        "## A?; b?\n<!-- id: a -->\n  spaces\n\n"
        "## C?\n<!-- id: c -->\n<p>One</p><p><b>Two</b></p>\n"
        "\n## D?\n<!-- id: d -->\nD.\n"
    )
    Path("faq/a.md").write_text(text)
    faqbot("export", "--output", "out.csv")
    assert "so nothing was changed" in faqbot("import", "out.csv")[1]
    assert Path("faq/a.md").read_text() == text
    Path("out.csv").write_text(Path("out.csv").read_text().replace("D.", "E."))
    assert "1 entry changed: d.\n" in faqbot("import", "out.csv")[1]
    assert Path("faq/a.md").read_text() == text.replace("D.", "E.")

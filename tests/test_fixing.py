"""What can be mended without asking is mended, told, and mended once."""

from pathlib import Path

import pytest

from bot.faq.file_text import write_files
from bot.faq.fixing import Fixes, fix
from bot.faq.folder import read_faq


def mend(folder: Path) -> Fixes:
    """Mend a FAQ, and check that there is nothing left to mend."""
    before = {it.id for it in read_faq(folder).entries}
    fixes = fix(folder)
    write_files(fixes.writes)
    again = fix(folder)
    assert (again.done, again.writes) == ({}, [])
    assert before <= {it.id for it in read_faq(folder).entries}
    return fixes


def test_ids_are_written_down_where_each_format_has_them(tmp_path: Path) -> None:
    """Every entry keeps the id that it has now; nothing else in the files changes."""
    markdown = (
        "# Shop\r\n\r\n## When?\r\n\r\nNow.\r\n\r\n"
        "## When?\r\n<!--\r\n# note\r\nalso: x\r\n-->\r\nThen.\r\n"
    )
    (tmp_path / "a.md").write_bytes(markdown.encode())
    (tmp_path / "b.yaml").write_text("# note\n- question: Who?  # us\n  answer: We.\n")
    mended = mend(tmp_path)
    assert mended.done == {"a.md": ["wrote down 2 ids"], "b.yaml": ["wrote down 1 id"]}
    assert (tmp_path / "a.md").read_bytes().decode() == markdown.replace(
        "## When?\r\n\r\n", "## When?\r\n<!-- id: when -->\r\n\r\n", 1
    ).replace("# note\r\nalso", "# note\r\nid: when-2\r\nalso")
    assert (tmp_path / "b.yaml").read_text() == (
        "# note\n- id: who\n  question: Who?  # us\n  answer: We.\n"
    )


def test_an_id_that_is_taken_becomes_the_one_in_use(tmp_path: Path) -> None:
    """Of two entries of one id, the second gets written down what it is called already."""
    (tmp_path / "a.md").write_text("## A?\n<!-- id: x -->\nA.\n\n## B?\n<!-- id: x -->\nB.\n")
    mend(tmp_path)
    assert [it.id for it in read_faq(tmp_path).entries] == ["x", "x-2"]
    assert not read_faq(tmp_path).problems


def test_versions_of_an_entry_keep_their_one_id(tmp_path: Path) -> None:
    """The same id in two languages is no slip."""
    text = (
        "## A?\n<!--\nid: x\nlanguage: en\n-->\nA.\n\n## B?\n<!--\nid: x\nlanguage: de\n-->\nB.\n"
    )
    (tmp_path / "a.md").write_text(text)
    assert mend(tmp_path).done == {}
    assert (tmp_path / "a.md").read_text() == text


def test_headings_get_their_space(tmp_path: Path) -> None:
    """A heading whose author forgot the space after the signs becomes one; code stays."""
    text = "## A?\n<!-- id: a -->\nA.\n\n##B?\n<!-- id: b -->\nB.\n\n```\n##no heading\n```\n"
    (tmp_path / "a.md").write_text(text)
    assert mend(tmp_path).done["a.md"][0] == (
        "put the missing space after the # of a heading (line 5)"
    )
    assert (tmp_path / "a.md").read_text().startswith(text.replace("##B?", "## B?"))
    assert read_faq(tmp_path).entries[0].id == "a"


def test_wordings_that_stand_twice_go(tmp_path: Path) -> None:
    """Of wordings that mean the same to the bot, the first stays."""
    (tmp_path / "a.md").write_text(
        "## A one?\n<!--\nid: a\nalso:\n  - b two\n  # note\n"
        "  - B  TWO\n  - a one?\n  - c\n-->\nA.\n"
    )
    (tmp_path / "b.yaml").write_text("- id: b\n  questions: [d, D, e]\n  answer: A.\n")
    (tmp_path / "c.jsonl").write_text('{"id": "c", "questions": ["f", "F"], "answer": "A."}\n')
    told = ["removed wordings that stood twice in 1 entry"]
    assert mend(tmp_path).done == dict.fromkeys(("a.md", "b.yaml", "c.jsonl"), told)
    assert "  - b two\n  # note\n  - c\n" in (tmp_path / "a.md").read_text()
    assert (tmp_path / "c.jsonl").read_text() == '{"id": "c", "questions": ["f"], "answer": "A."}\n'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_files_become_utf_8(encoding: str, tmp_path: Path) -> None:
    """Whatever an editor saved a file as, it is read afterwards; line ends stay."""
    text = "## Où est le café ?\r\n<!-- id: cafe -->\r\nÀ côté.\r\n"
    (tmp_path / "a.md").write_bytes(text.encode(encoding))
    assert list(mend(tmp_path).done) == ["a.md"]
    assert (tmp_path / "a.md").read_bytes() == text.encode()


def test_what_is_not_sure_is_left_alone(tmp_path: Path) -> None:
    """A text in an encoding that cannot be told is told, and not garbled."""
    data = b"## A\x81\x8d?\n\nB\xff\xa6\xb1.\n"
    (tmp_path / "a.md").write_bytes(data)
    (tmp_path / "b.md").write_text("## A?\n<!--\n")
    fixes = fix(tmp_path)
    assert (fixes.done, fixes.writes) == ({}, [])
    assert [it.partition(" ")[0] for it in fixes.refusals] == ["a.md"]
    assert (tmp_path / "a.md").read_bytes() == data


def test_what_has_no_place_for_an_id_is_told(tmp_path: Path) -> None:
    """An entry within braces cannot be edited safely; the others are, and this one is named."""
    (tmp_path / "a.yaml").write_text(
        "- question: A?\n  answer: B.\n- {question: C?, answer: D.}\n- [no]\n- question: E?\n"
        "  answer: F.\n"
    )
    fixes = fix(tmp_path)
    assert fixes.done == {"a.yaml": ["wrote down 3 ids"]}
    (tmp_path / "a.yaml").write_text("[{question: A?, answer: B.}, {question: C?, answer: D.}]\n")
    fixes = fix(tmp_path)
    assert (fixes.done, fixes.writes) == ({}, [])
    (told,) = fixes.refusals
    assert told == (
        "a.yaml: there is no place for the id of each entry (line 1), so these keep the ids that "
        "their questions give."
    )

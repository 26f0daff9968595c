"""Files keep what an edit leaves alone, and nobody ever sees half of one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.file_text import (
    FileTextError,
    Replacement,
    Write,
    as_file_text,
    decode,
    read_file,
    write_files,
)


@given(st.text(), st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-32")))
def test_bytes_come_back(text: str, encoding: str) -> None:
    """A file that is read and written again is the same to the byte."""
    data = text.encode(encoding, errors="ignore")
    file = decode(data)
    assert file.encoded() == data
    assert "\r" not in file.text


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.sampled_from(("\n", "\r\n", "\r")))))
def test_lines_are_those_that_readers_count(lines: list[tuple[str, str]]) -> None:
    """Each line keeps its own end, whatever the others have."""
    raw = "".join(text + end for text, end in lines if not (text == "" and end == "\n"))
    file = as_file_text(raw)
    assert file.lines == raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert len(file.raw) == len(file.lines) - (file.lines[-1] == "")


@pytest.mark.parametrize(
    ("before", "replacement", "after"),
    [
        ("a\r\nb\nc\r\n", Replacement(1, 2, ["x", "y"]), "a\r\nx\r\ny\r\nc\r\n"),
        ("a\nb", Replacement(2, 2, ["c"]), "a\nb\nc\n"),
        ("a\nb", Replacement(1, 2, ["c", "d"]), "a\nc\nd"),
        ("a\nb\n", Replacement(0, 1, []), "b\n"),
        ("", Replacement(0, 0, ["a"]), "a\n"),
    ],
)
def test_new_lines_end_as_the_others_do(before: str, replacement: Replacement, after: str) -> None:
    """An edit brings the line ends that the file has."""
    assert "".join(as_file_text(before).edited([replacement]).raw) == after


def test_two_replacements_in_one_place_stay_in_their_order() -> None:
    """What comes first ends up above."""
    file = as_file_text("a\nb\n")
    edits = [Replacement(1, 1, ["x"]), Replacement(1, 1, ["y"]), Replacement(1, 2, ["z"])]
    assert file.edited(edits).text == "a\nx\ny\nz\n"


def test_what_is_no_text_is_told() -> None:
    """Bytes of another encoding are not guessed at."""
    with pytest.raises(FileTextError, match="not UTF-8"):
        decode(b"caf\xe9")


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    """A write changes what a file holds, and nothing else of it."""
    file, link = tmp_path / "faq.md", tmp_path / "link.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_files([Write(link, b"old", b"new")])
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(it.name for it in tmp_path.iterdir()) == ["faq.md", "link.md"]


def test_a_new_file_may_be_read_as_others_may(tmp_path: Path) -> None:
    """A new file is not for its writer's eyes alone."""
    write_files([Write(tmp_path / "new.md", None, b"x")])
    (tmp_path / "usual").touch()
    assert (tmp_path / "new.md").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_somebody_elses_edit_is_never_overwritten(tmp_path: Path) -> None:
    """If a file has changed since it was read, none of the files is written."""
    one, two = tmp_path / "one.md", tmp_path / "two.md"
    one.write_bytes(b"1")
    two.write_bytes(b"theirs")
    with pytest.raises(FileTextError, match=r"two\.md has just been changed by somebody else"):
        write_files([Write(one, b"1", b"mine"), Write(two, b"2", b"mine")])
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"theirs")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    """Who may not write reads what to look for."""
    tmp_path.chmod(0o500)
    with pytest.raises(FileTextError, match="cannot be written"):
        write_files([Write(tmp_path / "a.md", None, b"x")])


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    """A folder that is not there, or a file that cannot be read, is told with its name."""
    with pytest.raises(FileTextError, match="cannot be written"):
        write_files([Write(tmp_path / "no" / "a.md", None, b"x")])
    with pytest.raises(FileTextError, match=r"gone\.md cannot be read"):
        read_file(tmp_path / "gone.md")
    with pytest.raises(FileTextError, match="no ordinary file"):
        read_file(tmp_path)

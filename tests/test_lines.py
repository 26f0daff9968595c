"""The lines of FAQ files once more."""

import os
from pathlib import Path

import pytest

from bot.faq.lines import Lines
from bot.model import Problem, Source


def test_a_problem_gets_its_line(tmp_path: Path) -> None:
    """Whoever shows a problem can show the line, too, without a byte order mark."""
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbffirst\r\nsecond\r\n")
    lines = Lines(tmp_path)

    for number, text in ((1, "first"), (2, "second"), (3, ""), (9, ""), (0, "")):
        problem = Problem(Source("a.md", number), "Wrong.", "Mend it.")
        assert lines.excerpted(problem).excerpt == text


def test_what_is_no_readable_file_has_no_lines(tmp_path: Path) -> None:
    """A file that is missing or is a pipe holds nothing up; one in another encoding is shown."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "latin.md").write_bytes("fünf".encode("latin-1"))
    lines = Lines(tmp_path)

    assert lines.of("none.md") == lines.of("pipe.md") == lines.of("nu\0l.md") == ()
    assert lines.of("latin.md") == ["f\ufffdnf"]


@pytest.mark.parametrize(
    ("text", "place"), [("where is it", (3, 5)), ("When?", (1, 4)), ("not there", (1, 1))]
)
def test_a_phrasing_is_found_below_its_heading(
    tmp_path: Path, text: str, place: tuple[int, int]
) -> None:
    """A problem with one phrasing is told where that stands; else where the entry begins."""
    (tmp_path / "a.md").write_text("## When?\nalso:\n  - where is it\n")

    source, column = Lines(tmp_path).find(Source("a.md", 1), text)

    assert (source.line, column) == place

"""Problems as GitHub shows them."""

from pathlib import Path

from bot.cli.annotations import annotation, notice
from bot.model import Problem, Source


def test_a_problem_stands_on_its_line(tmp_path: Path) -> None:
    """GitHub finds the file by its path in the repository, and the column."""
    problem = Problem(Source("a/b.md", 7), "It is wrong.", "Mend it.", "warning", 3, "dead-link")

    assert annotation(tmp_path / "faq", tmp_path, problem) == (
        "::warning file=faq/a/b.md,line=7,col=3,title=faqbot%3A dead-link::It is wrong. Mend it."
    )


def test_what_means_something_to_github_is_escaped(tmp_path: Path) -> None:
    """No text of a FAQ can end the command or begin another."""
    problem = Problem(Source("a,b:c%.md", 1), "100%\r\n::error::x", "Mend: a, b.")

    assert annotation(tmp_path, tmp_path, problem) == (
        "::error file=a%2Cb%3Ac%25.md,line=1,col=1,title=faqbot%3A reading::"
        "100%25%0D%0A::error::x Mend: a, b."
    )


def test_a_file_outside_of_the_repository_keeps_its_path(tmp_path: Path) -> None:
    """Nothing is guessed about where a file elsewhere belongs."""
    told = annotation(tmp_path / "faq", tmp_path / "repo", Problem(Source("a.md", 1), "A.", "B."))

    assert f"file={tmp_path.as_posix()}/faq/a.md," in told


def test_a_notice_has_no_place() -> None:
    """What belongs to no line is told all the same."""
    assert notice("5 more\nof them") == "::notice title=faqbot::5 more%0Aof them"

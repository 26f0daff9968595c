"""What answers and entries refer to beside their files."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.faq.references import MOST_ATTACHMENT_BYTES, lint_references
from bot.model import Details, Problem, Translation
from tests.fakes import entry


def _told(root: Path, answer: str, details: Details | None = None) -> list[Problem]:
    (root / "faq.md").write_text(f"## Where?\n{answer}\n")
    made = replace(entry("where", answer=answer), details=details or Details())
    return list(lint_references(root, (made,)))


def test_a_link_to_a_missing_file_is_told_where_it_stands(tmp_path: Path) -> None:
    """The admin is led to the link itself."""
    (problem,) = _told(tmp_path, "See\n[it](docs/a%20b.md#top).")

    assert problem.what.startswith('The link to "docs/a b.md" leads nowhere')
    assert (problem.kind, problem.severity) == ("dead-link", "warning")
    (found,) = _told(tmp_path, "See\n[it](docs/b.md#top).")
    assert (found.source.line, found.column) == (3, 6)


def test_a_missing_picture_is_told_once(tmp_path: Path) -> None:
    """A picture that stands twice in an answer is one problem."""
    (problem,) = _told(tmp_path, "![a](a.png) and ![again](a.png)")

    assert problem.what == 'The picture "a.png" is not there.'


@pytest.mark.parametrize(
    "answer",
    [
        "[there](faq.md#where)",
        "[a folder](sub)",
        "[site](https://example.com/x)",
        "[root](/docs/x)",
        "[mail](mailto:a@example.com) [below](#where) [host](//example.com) [empty]()",
        "`[code](nothing.md)`",
        "```\n[code](nothing.md)\n```",
        "no links at all",
    ],
)
def test_what_is_there_or_elsewhere_is_fine(tmp_path: Path, answer: str) -> None:
    """Only what should stand beside the file is looked for."""
    (tmp_path / "sub").mkdir()

    assert not _told(tmp_path, answer)


def test_links_are_looked_for_from_the_folder_of_the_file(tmp_path: Path) -> None:
    """An entry in a subfolder refers to what stands there, in its translations, too."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "there.md").touch()
    (tmp_path / "faq.md").touch()
    made = entry("a", answer="[a](there.md) [b](faq.md)", file="sub/a.md")
    german = Translation("de", ("wo",), "[c](../none.md)", made.source)
    made = replace(made, details=Details(translations=(german,)))

    told = [it.what.split('"')[1] for it in lint_references(tmp_path, (made,))]

    assert told == ["faq.md", "../none.md"]


def test_attachments_must_be_there_and_small_enough(tmp_path: Path) -> None:
    """An attachment that Telegram cannot get is told before somebody asks for it."""
    (tmp_path / "small.pdf").write_bytes(b"x")
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(MOST_ATTACHMENT_BYTES + 1)
    names = ("small.pdf", "large.pdf", "none.pdf", "https://example.com/a.pdf")

    told = _told(tmp_path, "Here.", Details(attachments=names))

    assert [it.what for it in told] == [
        'The attachment "large.pdf" is larger than 50 MB, which Telegram does not take.',
        'The attachment "none.pdf" is not there.',
    ]
    assert {it.kind for it in told} == {"attachment"}

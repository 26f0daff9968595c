"""The registry: each file finds its reader, and what has none is told what to do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.importing.foreign import (
    FOREIGN_FORMATS,
    MAX_FILE_BYTES,
    ForeignFileError,
    MissingLibraryError,
    read_foreign,
)
from tests.import_checks import assert_imported_well
from tests.test_import_workbook import workbook

PAGE = "<!doctype html><h1>A?</h1><p>a"
QNABOT = json.dumps({"qna": [{"qid": "a", "q": ["A?"], "a": "a"}]})
QNA_MAKER = json.dumps({"qnaDocuments": [{"id": 1, "questions": ["A?"], "answer": "a"}]})
RASA = "nlu:\n- intent: x\n  examples: |\n    - A?\nresponses:\n  utter_x:\n  - text: a\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("faq.html", PAGE),
        ("faq.HTM", "A page without a beginning<h1>A?</h1>a"),
        ("saved", PAGE),
        ("page.md", f"---\ntitle: Help\n---\n\n{PAGE}"),
        ("faq.txt", PAGE),
        ("faq.rst", "A?\n==\n\na\n"),
        ("faq.txt", "A?\n==\n\na\n"),
        ("qna.json", QNABOT),
        ("export", QNABOT),
        ("lines.json", '{"qid": "a", "q": ["A?"], "a": "a"}\n{"qid": "b"}\n'),
        ("kb.json", QNA_MAKER),
        ("kb.tsv", "Question\tAnswer\tSource\nA?\ta\tx\n"),
        ("kb.txt", "\ufeffQuestion\tAnswer\tMetadata\nA?\ta\tx\n"),
        ("nlu.yml", RASA),
        ("nlu.md", "## intent:faq/x\n- A?\n\n* faq/x\n  - a\n"),
        ("faq.xlsx", workbook(("q", "a"), ("A?", "a"))),
        ("faq", workbook(("q", "a"), ("A?", "a"))),
    ],
)
def test_a_file_finds_its_reader(tmp_path: Path, name: str, content: str | bytes) -> None:
    """A file is known by what it holds, and else by its name."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    parsed = read_foreign(path)
    assert [(it.questions, it.answer) for it in parsed.drafts] == [(("A?",), "a")]
    assert parsed.file == name


def test_a_folder_is_a_rasa_project(tmp_path: Path) -> None:
    """No other format comes as a folder."""
    (tmp_path / "all.yml").write_text(RASA)
    assert len(read_foreign(tmp_path).drafts) == 1


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("faq.md", b"# A?\n\na", "needs no import"),
        ("faq.csv", b"question,answer\n", "needs no import"),
        ("faq.json", b'{"a": 1}', "of no format"),
        ("faq.json", b"{", "not valid JSON"),
        ("notes.txt", b"just a note", "of no format"),
        ("faq.pdf", b"%PDF-1.7", "save it as a web page"),
        ("faq.docx", b"PK\x03\x04 word/document.xml", "save it as a web page"),
        ("faq.xls", b"\xd0\xcf\x11\xe0", "save it as .xlsx"),
        ("missing.html", None, "No such file"),
        ("a\0b", None, "cannot be read"),
        ("huge.html", b"x" * (MAX_FILE_BYTES + 1), "split it"),
    ],
)
def test_what_cannot_be_imported_is_told(
    tmp_path: Path, name: str, content: bytes | None, hint: str
) -> None:
    """An admin learns what to do instead."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ForeignFileError, match=hint):
        read_foreign(tmp_path / name)


def test_help_can_name_all_formats() -> None:
    """Each format has a name and endings."""
    assert len(FOREIGN_FORMATS) == 6
    assert all(it.name and all(end[0] == "." for end in it.endings) for it in FOREIGN_FORMATS)


def test_a_missing_library_is_told_with_the_command_that_installs_it(tmp_path: Path) -> None:
    """The core runs without what only importing needs, and says how to get it."""
    page = tmp_path / "faq.html"
    page.write_text(PAGE)
    script = f"""
import sys
from pathlib import Path
sys.modules["lxml"] = None
from bot.importing.foreign import MissingLibraryError, read_foreign
try:
    read_foreign(Path({str(page)!r}))
except MissingLibraryError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert 'pip install "faqbot[import]"' in done.stdout
    assert "lxml" in done.stdout
    assert issubclass(MissingLibraryError, Exception)


@given(
    st.sampled_from(
        ["a", "a.html", "a.rst", "a.json", "a.tsv", "a.txt", "a.xlsx", "a.yml", "a.md"]
    ),
    st.binary(max_size=100) | st.text(max_size=100).map(lambda it: it.encode(errors="replace")),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_read_or_refused(tmp_path: Path, name: str, data: bytes) -> None:
    """Whatever somebody names, it ends with entries, problems or a sentence."""
    path = tmp_path / name
    path.write_bytes(data)
    try:
        assert_imported_well(read_foreign(path))
    except ForeignFileError as error:
        assert str(error).endswith((".", "folder."))  # noqa: PT017 - any file may be refused
    finally:
        path.unlink()

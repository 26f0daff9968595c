"""Files of test questions: what is read, and what is told of a bad one."""

from pathlib import Path

import pytest

from bot.faq.question_file import QuestionFileError, read_questions
from bot.model import Query

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """Give a path for a file of test questions."""
    return tmp_path / "questions.jsonl"


def test_each_line_is_a_question_with_the_right_reaction(file: Path) -> None:
    """An id is expected, or null for no answer; other ids may do; further keys are ignored."""
    file.write_text(
        '{"text": "when do you open", "expected": "hours"}\n'
        "\n"
        '{"text": "sing a song", "expected": null, "oos_kind": "ood"}\n'
        '{"text": "hours?", "expected": "hours", "also_ok": ["holidays", "sundays"]}\n'
        '{"text": "where", "expected": "place", "also_ok": null}',
        encoding="utf-8",
    )
    assert read_questions(file) == (
        Query("when do you open", "hours"),
        Query("sing a song", None),
        Query("hours?", "hours", frozenset({"holidays", "sundays"})),
        Query("where", "place"),
    )


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_files_of_any_system_can_be_read(file: Path, end: bytes) -> None:
    """A byte order mark and Windows' line ends do no harm."""
    line = '{"text": "où", "expected": "lieu"}'.encode()
    file.write_bytes(b"\xef\xbb\xbf" + line + end + line)
    assert read_questions(file) == (Query("où", "lieu"),) * 2


@pytest.mark.parametrize(
    "line",
    [
        "when do you open",
        '{"text": "when"',
        '{"text": "when"}',
        '{"expected": "hours"}',
        '{"text": null, "expected": "hours"}',
        '{"text": "when", "expected": 7}',
        '{"text": "when", "expected": "hours", "also_ok": "holidays"}',
        '{"text": "when", "expected": "hours", "also_ok": [7]}',
        '["when", "hours"]',
        "null",
        "[" * 100_000,
    ],
)
def test_a_line_of_another_form_is_told_with_its_number_and_the_right_form(
    file: Path, line: str
) -> None:
    """Whoever writes test questions learns which line is wrong and how it should read."""
    file.write_text(f'{{"text": "when", "expected": "hours"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionFileError) as caught:
        read_questions(file)
    assert f"{file}, line 3: this is not" in str(caught.value)
    assert '{"text": "when do you open", "expected": "opening-hours"}' in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_questions_is_told(file: Path, text: str) -> None:
    """An empty file says what to write."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError, match="has no questions: write one a line"):
        read_questions(file)


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    """A wrong path is named, and so is what the file should be."""
    with pytest.raises(QuestionFileError) as caught:
        read_questions(file)
    assert str(caught.value) == (
        f"{file} cannot be read (No such file or directory): name a file of test questions."
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder in place of the file is told."""
    with pytest.raises(QuestionFileError, match="Is a directory"):
        read_questions(tmp_path)


def test_a_file_of_another_encoding_is_told(file: Path) -> None:
    """A file that was saved in an old encoding says how to save it."""
    file.write_bytes('{"text": "où", "expected": "lieu"}'.encode("latin-1"))
    with pytest.raises(QuestionFileError, match='not UTF-8 text: save it again as "UTF-8"'):
        read_questions(file)


@pytest.mark.parametrize(
    "name", ["clinc150/queries_dev", "deepset-covid-en/queries", "xsid/queries_de"]
)
def test_the_evaluation_sets_can_be_read(name: str) -> None:
    """Every line of the published sets is a test question."""
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    lines = path.read_text(encoding="utf-8").split("\n")
    assert len(read_questions(path)) == sum(bool(line.strip()) for line in lines)

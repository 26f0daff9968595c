"""Files of test questions: which can be read, and what is told of the others."""

import json
from pathlib import Path

import pytest

from bot.faq.folder import read_faq
from bot.faq.question_file import QuestionFileError, read_questions
from bot.model import Query

DATA = Path(__file__).parents[2] / "shared" / "data"
FAQ = Path(__file__).parents[1] / "faq"


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """Give a path for a file of test questions."""
    return tmp_path / "questions.jsonl"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.jsonl", '{"text": "when", "expected": "hours"}'),
        ("q.ndjson", '{"text": "when", "expected": "hours"}'),
        ("q.json", '[{"text": "when", "expected": "hours"}]'),
        ("Q.JSON", '{"text": "when", "expected": "hours"}'),
        ("q.yaml", "- text: when\n  expected: hours"),
        ("q.yml", "- {text: when, expected: hours}"),
        ("q.csv", "text,expected\nwhen,hours"),
        ("q.tsv", "text\texpected\nwhen\thours"),
        ("q", '{"text": "when", "expected": "hours"}'),
    ],
)
def test_the_end_of_the_name_tells_the_form(name: str, text: str, tmp_path: Path) -> None:
    """Each form that questions come in has its ends of names."""
    (tmp_path / name).write_text(text)
    assert read_questions(tmp_path / name) == (Query("when", "hours"),)


def test_another_kind_of_file_is_told(tmp_path: Path) -> None:
    """A file that cannot hold questions says which ones can."""
    with pytest.raises(QuestionFileError, match=r"must end in one of \.jsonl, .*\.csv, \.tsv \("):
        read_questions(tmp_path / "questions.xlsx")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("q.jsonl", b"", '{"text": "où", "expected": "lieu"}'),
        ("q.yaml", b"", "- {text: où, expected: lieu}"),
        ("q.csv", b"Text;Expected", "où;lieu"),
    ],
)
def test_files_of_any_system_can_be_read(
    name: str, head: bytes, line: str, end: bytes, tmp_path: Path
) -> None:
    """A byte order mark and Windows' line ends do no harm."""
    lines = [*([head] if head else []), line.encode(), line.encode()]
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + end.join(lines))
    assert read_questions(tmp_path / name) == (Query("où", "lieu"),) * 2


def test_a_slip_is_told_with_file_and_line(file: Path) -> None:
    """Whoever writes test questions learns where the slip is, what is wrong and what to do."""
    file.write_text('{"text": "when", "expected": "hours"}\n\n{"text": "when"}\n')
    with pytest.raises(QuestionFileError) as caught:
        read_questions(file)
    assert str(caught.value) == (
        f"{file}, line 3: This is not a test question. Write "
        '{"text": "when do you open", "expected": "opening-hours"}, null for "no answer".'
    )


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_questions_is_told(file: Path, text: str) -> None:
    """An empty file says what to write."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError, match="has no questions: write some"):
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
    (tmp_path / "q.csv").mkdir()
    with pytest.raises(QuestionFileError, match="Is a directory"):
        read_questions(tmp_path / "q.csv")


def test_a_file_of_another_encoding_is_told(file: Path) -> None:
    """A file that was saved in an old encoding says how to save it."""
    file.write_bytes('{"text": "où", "expected": "lieu"}'.encode("latin-1"))
    with pytest.raises(QuestionFileError, match='not UTF-8 text: save it again as "UTF-8"'):
        read_questions(file)


@pytest.mark.parametrize(
    "name", ["clinc150/queries_dev", "deepset-covid-en/queries", "xsid/queries_de"]
)
def test_the_evaluation_sets_can_be_read(name: str) -> None:
    """Every line of the published sets is a test question, whose text stays as it is."""
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    lines = path.read_text(encoding="utf-8").split("\n")
    texts = [json.loads(line)["text"].strip() for line in lines if line.strip()]
    assert [it.text for it in read_questions(path)] == texts


def test_the_questions_for_the_shipped_faq_fit_it() -> None:
    """The shipped test questions expect only entries that there are, and some expect none."""
    queries = read_questions(FAQ / "_questions.yaml")
    ids = {entry.id for entry in read_faq(FAQ).entries}
    expected = {id_ for it in queries for id_ in (it.expected, *it.also_ok) if id_ is not None}
    assert len(queries) >= 100
    assert expected <= ids
    assert any(it.expected is None for it in queries)

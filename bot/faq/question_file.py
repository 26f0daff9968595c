"""Files of test questions, each with the right reaction to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import FaqbotError
from bot.faq.question_formats import (
    QuestionSlip,
    parse_json,
    parse_json_lines,
    parse_table,
    parse_yaml_questions,
)
from bot.model import Query

_FORMATS: dict[str, Callable[[str], Iterator[Query]]] = {
    ".jsonl": parse_json_lines,
    ".ndjson": parse_json_lines,
    ".json": parse_json,
    ".yaml": parse_yaml_questions,
    ".yml": parse_yaml_questions,
    ".csv": parse_table,
    ".tsv": parse_table,
    "": parse_json_lines,  # a pipe, such as /dev/stdin
}


class QuestionFileError(FaqbotError):
    """The file of test questions cannot be used."""


def read_questions(path: Path) -> tuple[Query, ...]:
    """Read a file of test questions: JSON Lines, JSON, YAML, or a table, by the end of its name.

    Raises:
        QuestionFileError: it cannot be read, has no questions, or something else in it.
    """
    parse = _FORMATS.get(path.suffix.lower())
    if parse is None:
        kinds = ", ".join(filter(None, _FORMATS))
        raise QuestionFileError(
            f"{path} is not a file of test questions that can be read: its name must end in one "
            f"of {kinds} (a spreadsheet can be saved as CSV)."
        )
    try:
        queries = tuple(parse(_read(path)))
    except QuestionSlip as slip:
        raise QuestionFileError(f"{path}, line {slip.line}: {slip.what} {slip.mend}") from None
    if not queries:
        raise QuestionFileError(
            f"{path} has no questions: write some, each with the id of the entry that should "
            'answer it, such as {"text": "when do you open", "expected": "opening-hours"}.'
        )
    return queries


def beside(faq_path: Path) -> tuple[Path, ...]:
    """Find the files of test questions of a FAQ: named _questions, in its folder."""
    folder = faq_path if faq_path.is_dir() else faq_path.parent
    kinds = (kind for kind in _FORMATS if kind)
    return tuple(it for kind in kinds if (it := folder / f"_questions{kind}").is_file())


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise QuestionFileError(
            f"{path} cannot be read ({error.strerror}): name a file of test questions."
        ) from None
    except UnicodeDecodeError:
        raise QuestionFileError(f'{path} is not UTF-8 text: save it again as "UTF-8".') from None

    return text

"""The registry: which foreign format a file has, and who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


from bot.errors import FaqbotError
from bot.faq.draft import Parsed


class ForeignFileError(FaqbotError):
    """A file cannot be imported."""


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """What people call a format, and how its files are named."""

    name: str
    endings: tuple[str, ...]
    """Of file names, in lower case, with the dot."""
    module: str
    """In this package; it has `is_like` and `parse`."""


FOREIGN_FORMATS: Sequence[ForeignFormat] = (
    ForeignFormat("QnABot on AWS export", (".json", ".xlsx"), "qnabot"),
    ForeignFormat("QnA Maker or Azure question answering export", (".tsv", ".json"), "qna_maker"),
    ForeignFormat("Rasa project", (".yml", ".yaml", ".md"), "rasa"),
    ForeignFormat("Excel workbook", (".xlsx", ".xlsm"), "workbook"),
    ForeignFormat("web page", (".html", ".htm", ".xhtml"), "html_page"),
    ForeignFormat("reStructuredText", (".rst", ".rest", ".txt"), "restructured_text"),
)
"""In the order in which they are tried."""


def read_foreign(path: Path) -> Parsed:
    """Read a FAQ that another tool wrote.

    Args:
        path: a file, or the folder of a Rasa project.

    Raises:
        ForeignFileError: it cannot be read, or is of no known format.
    """
    raise ForeignFileError(
        f"{path} cannot be imported: no importer is built yet. Known formats: "
        f"{', '.join(it.name for it in FOREIGN_FORMATS)}."
    )

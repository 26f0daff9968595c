"""`faqbot export`: the FAQ as one file, for a spreadsheet or another program."""

import io
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from bot.cli.console import Output, counted
from bot.errors import FaqbotError
from bot.faq.file_text import MARK, Write, read_file, write_files
from bot.faq.folder import read_faq
from bot.faq.table_writer import write_csv, write_xlsx
from bot.faq.writing import write_entries
from bot.model import Entry
from bot.settings import Settings


class ExportForm(StrEnum):
    """What the FAQ can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    YAML = "yaml"
    MARKDOWN = "markdown"
    JSONL = "jsonl"


_BY_ENDING = {
    ".csv": ExportForm.CSV,
    ".xlsx": ExportForm.XLSX,
    ".yaml": ExportForm.YAML,
    ".yml": ExportForm.YAML,
    ".md": ExportForm.MARKDOWN,
    ".markdown": ExportForm.MARKDOWN,
    ".jsonl": ExportForm.JSONL,
}


class ExportError(FaqbotError):
    """The FAQ cannot be exported in this way."""


def export_faq(
    settings: Settings, output: Output, path: Path | None, form: ExportForm | None, *, force: bool
) -> None:
    """Write all entries as one file, or to standard output.

    Raises:
        ExportError: there is nothing to export, or no place for it.
    """
    form = form or _form_of(path)
    if path is None and form is ExportForm.XLSX:
        raise ExportError(
            "An Excel file cannot be shown here: name a file for it, as in --output faq.xlsx."
        )
    if path is not None and path.exists() and not force:
        raise ExportError(
            f"{path} is there already, and nothing was written: choose another name, or add "
            "--force to replace it."
        )
    faq = read_faq(settings.faq_path)
    if not faq.entries:
        raise ExportError(
            f"There is no entry to export in {settings.faq_path}: `faqbot check` tells more."
        )
    if path is None:
        output.text(_written(faq.entries, form).decode())
    else:
        data = _written(faq.entries, form)
        # Without the mark Excel takes UTF-8 for another encoding.
        data = MARK + data if form is ExportForm.CSV else data
        path.parent.mkdir(parents=True, exist_ok=True)
        write_files([Write(path, read_file(path) if path.exists() else None, data)])
        output.aside(f"{counted(len(faq.entries), 'entry', 'entries')} written to {path}.")
        output.aside(f"Edit them there, and bring the changes back with: faqbot import {path}")
    for file in sorted(faq.broken_files):
        output.aside(
            f"{faq.root / file} cannot be read wholly, so what stands there is missing: `faqbot "
            "check` tells how to mend it."
        )


def _form_of(path: Path | None) -> ExportForm:
    if path is None:
        return ExportForm.CSV
    form = _BY_ENDING.get(path.suffix.lower())
    if form is None:
        raise ExportError(
            f"The name {path.name} does not tell the format: end it in one of "
            f"{', '.join(_BY_ENDING)}, or add --format."
        )
    return form


def _written(entries: Sequence[Entry], form: ExportForm) -> bytes:
    if form is ExportForm.XLSX:
        stream = io.BytesIO()
        write_xlsx(entries, stream)
        return stream.getvalue()
    if form is ExportForm.CSV:
        return write_csv(entries).encode()
    return write_entries(entries, form.value).encode()

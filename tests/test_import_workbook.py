"""Excel workbooks: what people see in the cells becomes entries."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from bot.faq.draft import Parsed
from bot.importing.workbook import parse
from tests.import_checks import assert_imported_well, told


def workbook(*rows: Sequence[Any], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """Make a workbook of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(tuple(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Give a workbook as the file that people have."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes) -> Parsed:
    """Read a workbook and check what holds for every one."""
    parsed = parse(data, "faq.xlsx")
    assert_imported_well(parsed)
    return parsed


def test_a_row_is_an_entry() -> None:
    """Columns are known by their names, wherever they stand and whatever their case."""
    parsed = read(
        workbook(
            ("Our FAQ",),
            ("Notes", "Answer", "Frage", "Alternatives", "Category", "Tags", "ID"),
            ("x", "Daily.", "When?", "hours\nopening", "Visits", "open; closed", "opening-hours"),
            (),
            ("x", "Here.", "Where?"),
        )
    )
    assert told(parsed) == [("When?", "Daily."), ("Where?", "Here.")]
    first, second = parsed.drafts
    assert first.questions == ("When?", "hours", "opening")
    assert (first.line, first.id, first.topic) == (3, "opening-hours", "Visits")
    assert first.details.keywords == ("open", "closed")
    assert (second.line, second.topic) == (5, None)


def test_rows_with_the_same_answer_below_each_other_are_one_entry() -> None:
    """Each further phrasing on a row of its own, as many write them down."""
    parsed = read(workbook(("question", "answer"), ("When?", "Daily."), ("Hours?", "Daily.")))
    assert [it.questions for it in parsed.drafts] == [("When?", "Hours?")]


def test_columns_of_languages_are_translations() -> None:
    """Languages side by side are one entry."""
    parsed = read(
        workbook(
            ("question_en", "Question (de)", "answer_en", "answer [de]", "q_fr"),
            ("When?", "Wann?", "Daily.", "Täglich.", ""),
        )
    )
    [draft] = parsed.drafts
    assert (draft.language, draft.questions, draft.answer) == ("en", ("When?",), "Daily.")
    [german] = draft.details.translations
    assert (german.language, german.questions, german.answer) == ("de", ("Wann?",), "Täglich.")


def test_several_sheets_are_topics_and_hidden_ones_are_left_out() -> None:
    """A workbook with a sheet for each subject keeps these."""
    book = Workbook()
    for title, state in (("Orders", "visible"), ("Old", "hidden"), ("Money", "visible")):
        sheet = book.create_sheet(title)
        sheet.append(("question", "answer"))
        sheet.append((f"{title}?", "Yes."))
        sheet.sheet_state = state
    assert [(it.questions[0], it.topic) for it in read(saved(book)).drafts] == [
        ("Orders?", "Orders"),
        ("Money?", "Money"),
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (0.25, "0%", "25%"),
        (4.5, "0.00", "4.50"),
        (1234567, "#,##0", "1,234,567"),
        (date(2026, 12, 31), "yyyy-mm-dd", "2026-12-31"),
        (datetime(2026, 12, 31, 9, 30), "yyyy-mm-dd hh:mm", "2026-12-31 09:30"),  # noqa: DTZ001
        (time(9, 30), "hh:mm", "09:30"),
        (True, "General", "TRUE"),
    ],
)
def test_a_cell_is_read_as_it_is_seen(value: Any, number_format: str, shown: str) -> None:
    """Numbers and days are answers, too."""

    def change(sheet: Worksheet) -> None:
        sheet["B2"] = value
        sheet["B2"].number_format = number_format

    assert told(read(workbook(("q", "a"), ("How many?", ""), change=change))) == [
        ("How many?", shown)
    ]


def test_an_answer_keeps_its_emphasis_and_its_link() -> None:
    """What is bold or links in a cell does so in Telegram."""

    def change(sheet: Worksheet) -> None:
        sheet["B2"] = CellRichText("Not ", TextBlock(InlineFont(b=True), "before "), "noon.")
        sheet["B3"].hyperlink = "https://e.org/"
        sheet["A3"].hyperlink = "https://e.org/q"

    parsed = read(workbook(("q", "a"), ("When?", ""), ("Where?", "Our map"), change=change))
    assert told(parsed) == [
        ("When?", "Not **before** noon."),
        ("Where?", "[Our map](https://e.org/)"),
    ]


def test_a_merged_cell_stands_for_all_its_rows() -> None:
    """A topic that is written once beside several questions holds for each; hidden rows go."""

    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A3")
        sheet.row_dimensions[4].hidden = True
        sheet["C2"].font = Font(b=True)

    rows = (("topic", "q", "a"), ("T", "A?", "a"), (None, "B?", "b"), (None, "C?", "c"))
    parsed = read(workbook(*rows, change=change))
    assert [(it.questions[0], it.topic) for it in parsed.drafts] == [("A?", "T"), ("B?", "T")]


def test_two_columns_without_names_will_do_if_the_first_asks() -> None:
    """Nobody has to name what is plain to see."""
    assert told(read(workbook(("A?", "a"), ("B?", "b"), ("Text",)))) == [("A?", "a"), ("B?", "b")]


def test_what_is_missing_is_told_by_row() -> None:
    """A row that is no entry is named."""
    parsed = read(workbook(("q", "a"), ("A?", None), (None, "b"), ("C?", "c")))
    assert [(it.source.line, it.severity) for it in parsed.problems] == [
        (2, "error"),
        (3, "error"),
    ]
    assert told(parsed) == [("C?", "c")]


def test_a_workbook_without_questions_says_so() -> None:
    """An admin learns which columns are needed."""
    (problem,) = read(workbook(("Name", "Price"), ("Tea", 2))).problems
    assert "column of questions" in problem.what


def test_qnabots_columns_are_known() -> None:
    """QnABot imports and exports workbooks, too."""
    parsed = read(
        workbook(
            (
                "qid",
                "question1",
                "question2",
                "answer",
                "markdown",
                "topic",
                "cardtitle",
                "imageurl",
            ),
            (
                "Hours.1",
                "When?",
                "Hours?",
                "Daily.",
                "**Daily.**",
                "Visits",
                "Map",
                "https://e.org/a.png",
            ),
            (),
        )
    )
    (draft,) = parsed.drafts
    assert (draft.id, draft.questions, draft.topic) == ("Hours.1", ("When?", "Hours?"), "Visits")
    assert draft.answer == "**Daily.**\n\n![Map](https://e.org/a.png)"


def test_what_unpacks_to_too_much_is_refused_unread() -> None:
    """A small file cannot fill the memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    (problem,) = read(stream.getvalue()).problems
    assert "when unpacked" in problem.what


def test_a_sheet_of_endless_emptiness_is_refused() -> None:
    """One cell at the very end makes a sheet of billions of cells."""

    def change(sheet: Worksheet) -> None:
        sheet.cell(1_000_000, 10_000).value = "x"

    (problem,) = read(workbook(("q", "a"), change=change)).problems
    assert "Delete the empty rows" in problem.mend


def test_a_merged_range_of_everything_is_refused_unread() -> None:
    """A few characters cannot make billions of cells."""
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    source = workbook(("q", "a"), ("A?", "a"))
    (problem,) = read(
        _with_sheet(source, lambda xml: xml.replace("</sheetData>", f"</sheetData>{merged}"))
    ).problems
    assert "more than" in problem.what


def _with_sheet(data: bytes, change: Callable[[str], str]) -> bytes:
    """Change the XML of a workbook's first sheet."""
    source = zipfile.ZipFile(io.BytesIO(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content.decode()) if "sheet1" in name else content)
    return stream.getvalue()


def test_entities_that_expand_do_no_harm() -> None:
    """A workbook whose XML multiplies itself is told as broken."""
    bomb = '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    for level in range(1, 9):
        bomb += f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">'
    sheet = f'<?xml version="1.0"?>{bomb}]><worksheet><sheetData>&a8;</sheetData></worksheet>'
    parsed = read(_with_sheet(workbook(("q", "a"), ("A?", "a")), lambda _: sheet))
    assert not parsed.drafts
    assert parsed.problems


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda it: b"PK\x03\x04" + it))
def test_any_bytes_can_be_read(data: bytes) -> None:
    """A file that only claims to be a workbook is told."""
    (problem,) = read(data).problems
    assert not parse(data, "x").complete
    assert "save it again as .xlsx" in problem.mend


@given(
    st.lists(
        st.lists(
            st.sampled_from(["q", "a", "also", "q_de", "When?", "", "id", "x" * 40_0]), max_size=4
        )
    )
)
def test_any_rows_can_be_read(rows: list[list[str]]) -> None:
    """Whatever stands in the cells, it yields entries and problems."""
    read(workbook(*rows))

"""Tables: CSV and TSV as spreadsheets and people write them."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.faq.draft import Draft, Parsed
from bot.faq.table_format import parse_csv, parse_tsv
from bot.model import Details, Source, Translation
from tests.faq_strategies import (
    Written,
    anything,
    as_csv,
    assert_told_well,
    entries,
    told,
    written,
)

SAMPLES = Path(__file__).parents[2] / "shared" / "faq-samples"


def parse(text: str, file: str = "data.csv") -> Parsed:
    """Parse a text and check what holds for every file."""
    parsed = parse_csv(text, file)
    assert_told_well(parsed, text)
    return parsed


def pairs(parsed: Parsed) -> list[tuple[str, str]]:
    """Give each entry's question and answer."""
    return [(it.questions[0], it.answer) for it in parsed.drafts]


def test_a_row_is_an_entry() -> None:
    """With all the properties of every format, under whatever names."""
    parsed = parse(
        "ID,Question,Alternate Questions,Answer,Category,Tags,Lang,Related,Threshold,Valid until,"
        "Attachments,Audience,Aliases\n"
        'when,When?,"hours | opening, or closing; times","Now,\n""always"".",Visit,'
        '"time, day",en,where;who,"0,6",31.12.2026,"plan.pdf, map.png",@staff,old\n'
    )
    assert not parsed.problems
    assert parsed.drafts == [
        Draft(
            line=2,
            id="when",
            questions=("When?", "hours", "opening, or closing", "times"),
            answer='Now,\n"always".',
            topic="Visit",
            language="en",
            details=Details(
                aliases=("old",),
                keywords=("time", "day"),
                related=("where", "who"),
                audience=("@staff",),
                threshold=0.6,
                valid_until=parsed.drafts[0].details.valid_until,
                attachments=("plan.pdf", "map.png"),
            ),
        )
    ]
    assert str(parsed.drafts[0].details.valid_until) == "2026-12-31"


@pytest.mark.parametrize(
    "text",
    [
        "question,answer\nWhen?,Now.\nWhere?,Here.\n",
        "Frage;Antwort\nWhen?;Now.\nWhere?;Here.",
        "pregunta\trespuesta\nWhen?\tNow.\nWhere?\tHere.\n",
        "вопрос|ответ\nWhen?|Now.\nWhere?|Here.\n",
        'sep=;\n"質問";"回答"\n"When?";"Now."\n"Where?";"Here."\n',
        'sep=|\nq|a\nWhen?|Now.\n"Where?"|Here.\n',
        "\n,,\nAnswer,Question,\nNow.,When?,\n\n,,\nHere.,Where?\n",
        "Our FAQ,,\nof 2026,,\n,,\nNo.,question,answer\n1,When?,Now.\n2,Where?,Here.\n",
        "When?,Now.\nWhere?,Here.\n",
        "Visit;When?;Now.\nVisit;Where?;Here.\n",
        "savol,javob\nWhen?,Now.\nWhere?,Here.\n",
        "title,text\nWhen?,Now.\nWhere?,Here.\n",
        "question,notes,answer,answer date\nWhen?,x,Now.,2026\nWhere?,,Here.,2026\n",
    ],
)
def test_tables_are_read_however_they_are_laid_out(text: str) -> None:
    """Any delimiter, any order of columns, titles above, empty rows, or no names at all."""
    parsed = parse(text)
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]
    assert not parsed.problems


def test_a_table_parted_by_tabs_may_hold_commas() -> None:
    """The name of the file says how it is parted, unless it is wrong."""
    assert pairs(parse_tsv("q\ta\nWhen, then?\tNow, or so; or not\n", "faq.tsv")) == [
        ("When, then?", "Now, or so; or not")
    ]
    assert pairs(parse_tsv("q,a\nWhen?,Now\n", "faq.tsv")) == [("When?", "Now")]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("q_en,a_en,q_de,a_de", "When?,Now.,Wann?,Jetzt."),
        ("Question_EN,Answer_EN,Question_DE,Answer_DE", "When?,Now.,Wann?,Jetzt."),
        ("Question (English),Answer (English),Frage (de),Antwort (de)", "When?,Now.,Wann?,Jetzt."),
        ("language,question,answer,question_de,answer_de", "en,When?,Now.,Wann?,Jetzt."),
    ],
)
def test_languages_may_stand_side_by_side(header: str, row: str) -> None:
    """The first is the entry's own, the others are its translations."""
    (draft,) = parse(f"{header}\n{row}\n").drafts
    assert (draft.questions, draft.answer, draft.language) == (("When?",), "Now.", "en")
    assert draft.details.translations == (
        Translation("de", ("Wann?",), "Jetzt.", Source("data.csv", 2)),
    )


def test_a_language_without_an_answer_is_one_more_way_to_ask() -> None:
    """Nothing of what people may type is lost."""
    parsed = parse("q_en,a_en,q_de,a_de,q_fr\nWhen?,Now.,Wann?,,Quand?\nWhere?,,Wo?,Hier.,\n")
    assert [(it.questions, it.answer, it.language) for it in parsed.drafts] == [
        (("When?", "Wann?", "Quand?"), "Now.", "en"),
        (("Wo?", "Where?"), "Hier.", "de"),
    ]


def test_numbers_and_ids_are_no_languages() -> None:
    """`no` is Norwegian and `id` Indonesian only where the answers are, too."""
    assert parse("Question No.,Question,Answer\n1,When?,Now.\n").drafts[0].questions == ("When?",)
    assert parse("question_id,question,answer\nx1,When?,Now.\n").drafts[0].id == "x1"
    (draft,) = parse("question_id,answer_id,question_en,answer_en\nKapan?,Kini,When?,Now\n").drafts
    assert (draft.language, draft.questions) == ("id", ("Kapan?",))


def test_several_questions_may_have_columns_of_their_own() -> None:
    """However they are numbered; the first is the one to show."""
    parsed = parse("question 1,question 2,alt_1,alt_1,answer\nWhen?,Hours?,open,,Now.\n")
    assert parsed.drafts[0].questions == ("When?", "Hours?", "open")


@pytest.mark.parametrize(
    ("cell", "questions"),
    [
        ("When? | At what time?", ("When?", "At what time?")),
        ('"When?\nAt what time?"', ("When?", "At what time?")),
        ("A | B or not?", ("A | B or not?",)),
        ('"I come on Monday, is it open?"', ("I come on Monday, is it open?",)),
        ('"I come\non Monday; is it open?"', ("I come on Monday; is it open?",)),
    ],
)
def test_several_questions_may_share_a_cell(cell: str, questions: tuple[str, ...]) -> None:
    """They are parted only where each is a question by itself."""
    assert parse(f"question,answer\n{cell},Now.\n").drafts[0].questions == questions


@pytest.mark.parametrize(
    ("cell", "also"),
    [
        ("b; c", ("b", "c")),
        ("b | c", ("b", "c")),
        ('"b, or c"', ("b, or c",)),
        ('"b; c\nd"', ("b; c", "d")),
        ('"b; c\n"', ("b; c",)),
        ('"[""b"", ""c""]"', ("b", "c")),
        ("[b]", ("[b]",)),
        ("'-b", ("-b",)),
    ],
)
def test_other_wordings_share_a_cell(cell: str, also: tuple[str, ...]) -> None:
    """Parted by lines, bars or semicolons, never inside a sentence with a comma."""
    assert parse(f"question,also,answer\nA?,{cell},Now.\n").drafts[0].questions == ("A?", *also)


def test_a_row_that_is_switched_off_is_left_out() -> None:
    """A column that says what is to be shown is obeyed."""
    parsed = parse("question,answer,enabled\nWhen?,Now.,yes\nWho?,Us.,No\nWhere?,Here.,\n")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


def test_an_answer_with_the_delimiter_in_it_is_mended() -> None:
    """Where the answer is the last column, the rest of the row can only belong to it."""
    parsed = parse("question,answer\nWhen?,Now, and then.\n")
    assert pairs(parsed) == [("When?", "Now, and then.")]
    assert [(line, kind) for line, kind, _ in told(parsed.problems)] == [(2, "warning")]
    parsed = parse("answer,question\nNow.,When?,now\n")
    assert pairs(parsed) == [("When?", "Now.")]
    assert "the rest is left out" in parsed.problems[0].what


def test_what_a_row_lacks_is_told_and_costs_no_other() -> None:
    """Each with its line, which is not the row's number where cells hold line breaks."""
    parsed = parse('question,answer\nWhen?,"a\nb"\nWho?,\n,Lost.\nWhere?\nWhy?,So.\n')
    assert pairs(parsed) == [("When?", "a\nb"), ("Why?", "So.")]
    assert told(parsed.problems) == [
        (4, "error", '"Who?" has no answer.'),
        (5, "error", "This entry has no question."),
        (6, "error", '"Where?" has no answer.'),
    ]


def test_a_quotation_mark_in_the_wrong_place_is_told() -> None:
    """The row is read as well as can be, and the others are not touched."""
    parsed = parse('question,answer\n"Best" phones?,Yes.\nWhere?,Here.\n')
    assert pairs(parsed) == [("Best phones?", "Yes."), ("Where?", "Here.")]
    assert [(line, kind) for line, kind, _ in told(parsed.problems)] == [(2, "warning")]


def test_a_quotation_mark_that_never_closes_is_told_where_it_opens() -> None:
    """What is above it is read; the file counts as broken, so its former entries stay."""
    parsed = parse('question,answer\nWhen?,Now.\nWho?,"Us.\nWhere?,Here.\n')
    assert pairs(parsed) == [("When?", "Now.")]
    assert not parsed.complete
    assert parsed.problems[0].source.line == 3


def test_a_table_full_of_stray_marks_is_given_up() -> None:
    """Nobody is told the same a thousand times."""
    parsed = parse("question,answer\n" + '"a"?b,c\n' * 100)
    assert not parsed.complete
    assert len(parsed.problems) < 30


def test_a_table_without_questions_names_its_columns() -> None:
    """A table of something else is a warning; one that lacks half is a slip."""
    parsed = parse("name,sales\nBerlin,3\nParis,2\n")
    assert told(parsed.problems) == [
        (
            1,
            "warning",
            'The first row names no columns for questions and answers: it has "name", "sales".',
        )
    ]
    assert "question and answer" in parsed.problems[0].mend
    assert not parsed.complete
    parsed = parse("question,notes\nWhen?,x\n")
    assert told(parsed.problems) == [
        (
            1,
            "error",
            'The first row names no column for the answers: it has "question", "notes".',
        )
    ]
    parsed = parse(",".join(f"c{n}" for n in range(20)) + "\n")
    assert parsed.problems[0].what.endswith('"c7", ….')


def test_a_column_that_is_nearly_right_is_told() -> None:
    """Other columns are nobody's business."""
    parsed = parse("question,answer,keywrods,notes\nWhen?,Now.,a,b\n")
    assert [it.mend for it in parsed.problems] == ["Did you mean `keywords`?"]


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n;;\n", "question,answer\n"])
def test_a_table_without_rows_is_no_problem(text: str) -> None:
    """A file that nobody has written yet has neither entries nor problems."""
    parsed = parse(text)
    assert (parsed.drafts, parsed.problems, parsed.complete) == ([], [], True)


def test_the_faq_of_canadas_infobase_is_read() -> None:
    """It has 13 entries in English and French, counted by hand; the last row is `contact`."""
    path = SAMPLES / "canada-infobase-faq.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    parsed = parse_csv(path.read_text(encoding="utf-8"), path.name)
    assert not parsed.problems
    assert [it.id for it in parsed.drafts] == [
        *("data_source", "open_source", "tools", "infographic_tools", "creation", "update_freq"),
        *("raw_data", "older_data", "people_data_exemptions", "spending_types", "fte_levels"),
        *("tagging_scheme", "contact"),
    ]
    for draft in parsed.drafts:
        assert (len(draft.questions), draft.language) == (1, "en")
        assert [it.language for it in draft.details.translations] == ["fr"]
    exemptions = parsed.drafts[8]
    assert exemptions.answer.startswith("The people management data does not include:\n")
    assert exemptions.answer.endswith("- The Canadian Forces Non-Public Funds.")
    assert exemptions.details.translations[0].questions == (
        "Qui est dispensé de communiquer les données relatives au personnel?",
    )


@given(entries(), st.sampled_from(",;\t|"))
@example([Written(None, ("When?",), "    indented code\n\nand text", None, None)], ",")
def test_what_an_author_writes_is_what_is_read(faq: list[Written], delimiter: str) -> None:
    """Entries written as a table come back unchanged, whatever their texts hold."""
    parsed = parse(as_csv(faq, delimiter))
    assert written(parsed) == faq
    assert not parsed.problems


@given(anything(), st.sampled_from([parse_csv, parse_tsv]))
@example('a?,"' + "b\n" * 70_000, parse_csv)
@example("question,answer" + ",x" * 5_000, parse_csv)
def test_no_text_is_too_strange(text: str, parser: object) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    assert callable(parser)
    parsed = parser(text, "faq.csv")
    assert_told_well(parsed, text)
    for draft in parsed.drafts:
        draft.answer.encode()

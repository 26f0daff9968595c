"""An edited export goes back to where its entries stand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.faq.fields import as_drafts
from bot.faq.file_text import write_files
from bot.faq.folder import read_faq
from bot.faq.merging import Imported, Merge, ids_in_common, merge
from bot.faq.open_faq import open_faq
from bot.faq.writing import UnwritableError, write_drafts
from bot.model import Details, Entry, Translation
from tests.entry_strategies import NOWHERE, placeless_entries, whole_entries

SHOP = """\
# Shop

<!-- Ask Maria before you change the hours. -->

## When are you open?

Nine to five.

## How can I pay?
<!--
id: paying
language: en
also:
  - which cards   # from the chat
-->
By card.
"""
GERMAN = "- id: paying\n  language: de\n  question: Wie zahle ich?\n  answer: Mit Karte.\n"

Merged = Callable[..., Merge]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Give a FAQ of two entries in two files."""
    (tmp_path / "shop.md").write_text(SHOP)
    (tmp_path / "zahlen.yaml").write_text(GERMAN)
    return tmp_path


def entries_of(folder: Path) -> list[Entry]:
    """Read a FAQ as an export has it."""
    return placeless_entries(read_faq(folder).entries)


def bring_back(folder: Path, entries: Sequence[Entry], *, delete: bool = False) -> Merge:
    """Import entries, those with an id under it, and write what changes."""
    faq = open_faq(folder)
    imported = [Imported(it, bool(it.id)) for it in entries]
    result = merge(faq, imported, delete=delete)
    write_files([*faq.writes(), *result.new_files])
    return result


def test_what_was_not_edited_changes_no_byte(folder: Path) -> None:
    """An export that comes back as it went changes nothing."""
    result = bring_back(folder, entries_of(folder))
    assert result == Merge()
    assert (folder / "shop.md").read_text() == SHOP
    assert (folder / "zahlen.yaml").read_text() == GERMAN


@settings(deadline=None, max_examples=20)
@given(whole_entries(min_size=2), st.sampled_from(("markdown", "yaml", "jsonl")))
def test_whatever_was_not_edited_changes_no_byte(entries: list[Entry], form: str) -> None:
    """This holds for all that entries can say, in each format."""
    drafts = [draft for entry in entries for draft in as_drafts(entry)]
    try:
        text = write_drafts(drafts, form)
    except UnwritableError:
        return
    with TemporaryDirectory() as name:
        ending = {"markdown": "md"}.get(form, form)
        file = Path(name, f"faq.{ending}")
        file.write_bytes(text.encode())
        assert bring_back(Path(name), entries_of(Path(name))) == Merge()
        assert file.read_bytes() == text.encode()


def test_an_edit_goes_to_where_the_entry_stands(folder: Path) -> None:
    """Another answer changes its line; another question keeps the id that the entry had."""
    hours, paying = entries_of(folder)
    hours = replace(hours, questions=("Opening hours?",), answer="Nine to six.")
    paying = replace(
        paying,
        questions=(*paying.questions, "invoice"),
        details=replace(
            paying.details,
            keywords=("PayPal",),
            translations=(Translation("de", ("Wie zahle ich?",), "Bar.", NOWHERE),),
        ),
    )
    result = bring_back(folder, [hours, paying])
    assert result.changed == ["when-are-you-open", "paying"]
    assert (folder / "shop.md").read_text() == SHOP.replace(
        "## When are you open?\n\nNine to five.",
        "## Opening hours?\n<!-- id: when-are-you-open -->\n\nNine to six.",
    ).replace("from the chat\n", "from the chat\n  - invoice\nkeywords:\n  - PayPal\n")
    assert (folder / "zahlen.yaml").read_text() == GERMAN.replace("Mit Karte", "Bar")


def test_new_rows_become_entries_of_their_topic(folder: Path) -> None:
    """A new entry stands below the others of its topic, or in a new file if there are none."""
    new = [
        Entry("", ("Do you deliver?",), "Yes.", "Shop", None, NOWHERE),
        Entry("", ("Can I work here?",), "Write to us.", "Jobs & more", None, NOWHERE),
        Entry("free", ("Is it free?",), "No.", None, None, NOWHERE),
        Entry("", ("An ad?",), "# Big\n\nnews", "New entries", None, NOWHERE),
    ]
    table = [*entries_of(folder), *new]
    result = bring_back(folder, table)
    assert result.added == ["Is it free?", "Do you deliver?", "Can I work here?", "An ad?"]
    assert (folder / "shop.md").read_text() == f"{SHOP}\n## Do you deliver?\n\nYes.\n"
    assert (folder / "jobs-more.md").read_text() == (
        "# Jobs & more\n\n## Can I work here?\n\nWrite to us.\n"
    )
    assert (folder / "new-entries.md").read_text() == ("## Is it free?\n<!-- id: free -->\nNo.\n")
    assert (folder / "new-entries.yaml").exists()  # Markdown cannot hold that heading
    again = bring_back(folder, table)
    assert (again.added, again.changed) == ([], [])


def test_a_faq_of_one_file_takes_everything(folder: Path) -> None:
    """Where the FAQ is a file, a new one beside it would not be read."""
    new = Entry("", ("Can I work here?",), "Write to us.", "Jobs", None, NOWHERE)
    bring_back(folder / "shop.md", [new])
    assert read_faq(folder / "shop.md").entries[-1].topic == "Jobs"


def test_rows_that_are_gone_are_told_and_stay_unless_asked(folder: Path) -> None:
    """Nothing is lost because a table had fewer rows."""
    hours = entries_of(folder)[0]
    result = bring_back(folder, [hours])
    assert result.missing == ["paying"]
    assert (folder / "shop.md").read_text() == SHOP
    result = bring_back(folder, [hours], delete=True)
    assert result.removed == ["paying"]
    assert (folder / "shop.md").read_text() == SHOP[: SHOP.index("\n## How can")]
    assert (folder / "zahlen.yaml").read_text() == ""


def test_a_translation_that_is_gone_is_told_and_stays_unless_asked(folder: Path) -> None:
    """The same holds for an answer in another language, if the table has answers in any."""
    hours, paying = entries_of(folder)
    french = Translation("fr", ("Comment payer ?",), "Par carte.", NOWHERE)
    paying = replace(paying, details=replace(paying.details, translations=(french,)))
    assert bring_back(folder, [hours, paying]).missing == ["paying (de)"]
    assert [it.language for it in entries_of(folder)[1].details.translations] == ["de", "fr"]
    assert bring_back(folder, [hours, paying], delete=True).changed == ["paying"]
    assert entries_of(folder)[1] == paying


def test_columns_that_are_gone_change_nothing(folder: Path) -> None:
    """Who deletes a column to see more of the others does not delete what stood in it."""
    bare = [
        Entry(it.id, it.questions[:1], it.answer, None, None, NOWHERE, Details())
        for it in entries_of(folder)
    ]
    result = bring_back(folder, bare)
    assert result.unsaid == ["also", "language", "topic", "translations"]
    assert not result.changed
    assert (folder / "shop.md").read_text() == SHOP


def test_what_cannot_be_done_is_told(folder: Path) -> None:
    """An entry that does not say its language gets no translation, and one id is one entry."""
    hours, paying = entries_of(folder)
    french = Translation("fr", ("Quand ?",), "Tard.", NOWHERE)
    hours = replace(hours, details=Details(translations=(french,)))
    result = bring_back(folder, [hours, paying, replace(paying, answer="Else.")])
    assert [it.partition(",")[0] for it in result.problems] == [
        'The entry "paying" stands in the file twice; only the first counts.',
        'The entry "when-are-you-open" got an answer in the language "fr"',
    ]
    assert (folder / "shop.md").read_text() == SHOP


def test_former_ids_are_known(folder: Path) -> None:
    """An old export still finds an entry that has another id now."""
    (folder / "shop.md").write_text(SHOP.replace("id: paying", "id: payment\naliases: paying"))
    faq = open_faq(folder)
    paying = Imported(entries_of(folder)[1], has_id=True)
    assert ids_in_common(faq, [replace(paying, entry=replace(paying.entry, id="paying"))])
    assert not ids_in_common(faq, [replace(paying, has_id=False)])


def test_another_heading_takes_no_ones_id(folder: Path) -> None:
    """An id that a heading gives up is written down before another entry gets it."""
    twins = "## When?\n\nNow.\n\n## When?\n\nThen.\n"
    (folder / "shop.md").write_text(twins)
    first, second, _ = entries_of(folder)
    assert second.id == "when-2"
    bring_back(folder, [replace(first, questions=("Where?",)), second])
    assert [it.id for it in entries_of(folder)][:2] == ["when", "when-2"]


def test_a_table_of_a_spreadsheet_is_edited_cell_by_cell(tmp_path: Path) -> None:
    """Names of columns, the sign between cells, encoding and line ends stay as they were."""
    table = (
        "Frage;Antwort;Alternativen;Notiz\r\n"
        'Wann öffnen Sie?;"Um ""neun""";auf;x\r\n'
        "Wo sind Sie?;Hier.;;y\r\n"
    )
    (tmp_path / "faq.csv").write_bytes(table.encode("cp1252"))
    hours, place = entries_of(tmp_path)
    hours = replace(hours, questions=(hours.question, "auf", "zu; offen"), answer="=9")
    new = Entry("", ("Wer?",), "Wir.", None, None, NOWHERE)
    result = bring_back(tmp_path, [hours, place, new])
    assert (result.changed, result.added) == ([hours.id], ["Wer?"])
    assert (tmp_path / "faq.csv").read_bytes() == table.replace(
        '"Um ""neun""";auf', '"\'=9";"auf\r\nzu; offen"'
    ).encode("cp1252") + b"Wer?;Wir.;;\r\n"
    faq = open_faq(tmp_path)
    faq.change(faq.entries[1].source, replace(faq.draft(faq.entries[1].source), id="wo"))
    write_files(list(faq.writes()))
    assert (tmp_path / "faq.csv").read_bytes().split(b"\r\n")[0].endswith(b";Notiz;id")
    assert b"\r\nWo sind Sie?;Hier.;;y;wo\r\n" in (tmp_path / "faq.csv").read_bytes()


def test_languages_side_by_side_in_a_table(tmp_path: Path) -> None:
    """Answers in other languages change in their own columns, come in new ones, and go."""
    table = "id,question,answer,language,Answer (de),question_de\na,When?,Now.,en,Jetzt.,Wann?\n"
    (tmp_path / "faq.csv").write_text(table)
    (entry,) = entries_of(tmp_path)
    german = Translation("de", ("Wann?",), "Gleich.", NOWHERE)
    french = Translation("fr", ("Quand ?",), "Maintenant.", NOWHERE)
    both = replace(entry, details=Details(translations=(german, french)))
    assert bring_back(tmp_path, [both]).changed == ["a"]
    assert (tmp_path / "faq.csv").read_text() == (
        "id,question,answer,language,Answer (de),question_de,question_fr,answer_fr\n"
        "a,When?,Now.,en,Gleich.,Wann?,Quand ?,Maintenant.\n"
    )
    assert entries_of(tmp_path) == [both]
    one = replace(entry, details=Details(translations=(french,)))
    bring_back(tmp_path, [one], delete=True)
    assert entries_of(tmp_path) == [one]
    bring_back(tmp_path, [replace(one, id="b")], delete=True)
    assert [it.id for it in entries_of(tmp_path)] == ["b"]

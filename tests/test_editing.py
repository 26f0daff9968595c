"""An edit changes the lines of its entry, and nothing else in the file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.faq.draft import Draft
from bot.faq.editing import EditError, Edits, edit_file, edit_what_can_be
from bot.faq.faq_file import parse_text
from bot.faq.fields import as_drafts, placeless
from bot.faq.file_text import FileText, as_file_text, decode
from bot.faq.table_writer import whole_draft, write_csv
from bot.faq.writing import UnwritableError, write_drafts
from bot.model import Details, Entry
from tests.entry_strategies import whole_entries
from tests.fakes import entry

_FORMS = {"markdown": "faq.md", "yaml": "faq.yaml", "jsonl": "faq.jsonl", "csv": "faq.csv"}


def written(entries: Sequence[Entry], form: str) -> tuple[str, list[Draft]]:
    """Write entries as a file; give its text and its drafts."""
    if form == "csv":
        text = write_csv(entries)
    else:
        text = write_drafts([it for entry in entries for it in as_drafts(entry)], form)
    return text, parse_text(text, _FORMS[form]).drafts


def with_any_ends(text: str, ends: Sequence[str]) -> FileText:
    """Give a text the line ends of several editors, as they come."""
    lines = text.split("\n")
    parts = [
        part for number, line in enumerate(lines[:-1]) for part in (line, ends[number % len(ends)])
    ]
    return as_file_text("".join([*parts, lines[-1]]))


def edited_text(text: str, name: str, number: int, **changes: Any) -> str:
    """Edit one entry of a file and give the whole text."""
    new = replace(parse_text(text, name).drafts[number], **changes)
    return edit_file(as_file_text(text), name, Edits({number: new})).text


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(_FORMS)),
    whole_entries(min_size=2),
    whole_entries(),
    st.integers(0),
    st.lists(st.sampled_from(("\n", "\r\n")), min_size=1, max_size=3),
)
def test_all_other_entries_keep_their_bytes(
    form: str, entries: list[Entry], others: list[Entry], at: int, ends: list[str]
) -> None:
    """Whatever becomes of one entry, the lines above and below it stay, line ends included."""
    try:
        text, drafts = written(entries, form)
    except UnwritableError:
        return
    file = with_any_ends(text, ends)
    number = at % len(drafts)
    wanted = others[0]
    new = replace(
        drafts[number],
        questions=wanted.questions,
        answer=wanted.answer,
        language=wanted.language,
        details=replace(wanted.details, translations=drafts[number].details.translations),
    )
    try:
        edited = edit_file(file, _FORMS[form], Edits({number: new}))
    except EditError:
        assert form in {"markdown", "csv"}
        return
    start = drafts[number].line - 1
    below = [it.line - 1 for it in drafts if it.line - 1 > start]
    after = file.raw[below[0] :] if below else ()
    first = 1 if form == "csv" else 0  # new columns are named in the first row
    assert edited.raw[first:start] == file.raw[first:start]
    assert not after or edited.raw[-len(after) :] == after
    found = parse_text(edited.text, _FORMS[form]).drafts
    assert placeless(found) == placeless([*drafts[:number], new, *drafts[number + 1 :]])


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(_FORMS)), whole_entries(min_size=2), st.integers(0))
def test_an_entry_can_go_without_a_trace(form: str, entries: list[Entry], at: int) -> None:
    """Without one entry the file says what it said of the others, in the same lines."""
    try:
        text, drafts = written(entries, form)
    except UnwritableError:
        return
    number = at % len(drafts)
    try:
        edited = edit_file(as_file_text(text), _FORMS[form], Edits(removed={number}))
    except EditError:
        assert form == "markdown"
        return
    left = [*drafts[:number], *drafts[number + 1 :]]
    assert placeless(parse_text(edited.text, _FORMS[form]).drafts) == placeless(left)
    before = text.split("\n")
    assert edited.text.split("\n")[: drafts[number].line - 1] == before[: drafts[number].line - 1]


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(_FORMS)), whole_entries(min_size=2), whole_entries(), st.integers(0))
def test_a_new_entry_comes_below_another(
    form: str, entries: list[Entry], others: list[Entry], at: int
) -> None:
    """A new entry stands below the one named, and no line of any other changes."""
    try:
        text, drafts = written(entries, form)
    except UnwritableError:
        return
    number = at % len(drafts)
    new = whole_draft(others[0]) if form == "csv" else next(as_drafts(others[0]))
    new = replace(new, id=None, topic=drafts[number].topic)
    try:
        edited = edit_file(as_file_text(text), _FORMS[form], Edits(added=[(number, new)]))
    except EditError:
        assert form in {"markdown", "csv"}
        return
    meant = [*drafts[: number + 1], new, *drafts[number + 1 :]]
    assert placeless(parse_text(edited.text, _FORMS[form]).drafts) == placeless(meant)
    lines = iter(edited.text.split("\n"))
    kept = text.split("\n")[1 if form == "csv" else 0 :]
    assert all(line in lines for line in kept)  # each below the one before


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(_FORMS)), whole_entries(min_size=2), st.binary(max_size=2))
def test_no_edit_changes_no_byte(form: str, entries: list[Entry], mark: bytes) -> None:
    """A file that is to say what it says already is the same file."""
    try:
        text, drafts = written(entries, form)
    except UnwritableError:
        return
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    same = dict(enumerate(drafts))
    assert edit_file(decode(data), _FORMS[form], Edits(same)).encoded() == data


MESSY = """\
---
title: Shop
language: en
---
# Shop

Welcome!

<a name="when"></a>

## When are   you *open*?
<!--
# ask Maria before changing this
id: hours
also: [opening hours, when do you open]   # more?
threshold: 0.7
-->

From 9 to 17.

<!-- TODO: holidays -->

Not on   Sundays.

---

## How can I pay? {#payment}

By card, see [the list][cards].

[cards]: https://example.org/cards

Where are you?
--------------
Here.
"""


def test_an_answer_is_edited_line_by_line() -> None:
    """An author's note within the answer stays, and so does the spelling of other lines."""
    text = edited_text(MESSY, "faq.md", 0, answer="From 10 to 17.\n\n\n\nNot on   Sundays.")
    assert text == MESSY.replace("From 9 to", "From 10 to")


def test_a_property_is_edited_where_it_stands() -> None:
    """Notes and properties beside the one that changes stay as they are."""
    draft = parse_text(MESSY, "faq.md").drafts[0]
    details = replace(draft.details, threshold=0.8, valid_until=date(2026, 12, 31))
    text = edited_text(MESSY, "faq.md", 0, details=details)
    assert text == MESSY.replace("threshold: 0.7\n", "threshold: 0.8\nvalid_until: 2026-12-31\n")


def test_a_heading_keeps_the_id_behind_it() -> None:
    """Another wording of a question does not cost it the id that its heading gives."""
    text = edited_text(MESSY, "faq.md", 1, questions=("Which cards do you take?", "paying"))
    assert text == MESSY.replace(
        "## How can I pay? {#payment}\n",
        "## Which cards do you take? {#payment}\n<!--\nalso:\n  - paying\n-->\n",
    )


def test_an_underlined_heading_becomes_one_with_signs() -> None:
    """A question with a line of dashes below it can be edited, too."""
    text = edited_text(MESSY, "faq.md", 2, questions=("Where is your shop?",), id="where")
    assert text.endswith("## Where is your shop?\n<!-- id: where -->\nHere.\n")
    assert text.startswith(MESSY[: MESSY.index("Where are you?")])


def test_what_the_file_says_for_all_is_not_written_again() -> None:
    """A new entry takes its topic and its language from where it stands."""
    new = Draft(0, None, ("Do you deliver?",), "Yes.", "Shop", "en")
    text = edit_file(as_file_text(MESSY), "faq.md", Edits(added=[(0, new)])).text
    assert text == MESSY.replace(
        "Not on   Sundays.\n", "Not on   Sundays.\n\n## Do you deliver?\n\nYes.\n"
    )


def test_an_address_that_others_need_outlives_its_entry() -> None:
    """Links of other entries go on working when the entry that gave their address goes."""
    text = MESSY.replace("Here.", "Here, not [there][cards].")
    edited = edit_file(as_file_text(text), "faq.md", Edits(removed={1})).text
    assert "How can I pay?" not in edited
    assert "[cards]: https://example.org/cards" in edited


def test_what_cannot_be_said_is_refused() -> None:
    """An answer that would tear the file apart changes nothing, and is told by its question."""
    with pytest.raises(EditError, match=r"faq.md, line 11: the edit of \"When are you open\?\""):
        edited_text(MESSY, "faq.md", 0, answer="# Big\n\nnews")
    with pytest.raises(EditError, match="has to be mended first"):
        edit_file(as_file_text("## A?\n<!--\n"), "faq.md", Edits(removed={0}))


def test_one_edit_that_fails_costs_no_other() -> None:
    """Of many edits all are made but those that cannot be, and these are named."""
    text = "".join(f"## Q{number}?\n\nA.\n\n" for number in range(9))
    drafts = parse_text(text, "faq.md").drafts
    changed = {number: replace(it, answer="B.") for number, it in enumerate(drafts)}
    changed[4] = replace(drafts[4], answer="# B")
    edited, refusals = edit_what_can_be(as_file_text(text), "faq.md", Edits(changed))
    assert [it.answer for it in parse_text(edited.text, "faq.md").drafts] == ["B."] * 4 + ["A."] + [
        "B."
    ] * 4
    assert [list(it.edits.changed) for it in refusals] == [[4]]


def test_a_file_never_grows_larger_than_what_is_read() -> None:
    """An edit after which the bot would not read the file is refused as a whole."""
    with pytest.raises(EditError, match="split it into several files"):
        edited_text(MESSY, "faq.md", 0, answer="\n".join(["x"] * 20_001))
    with pytest.raises(EditError, match="edit it by hand"):
        edit_file(as_file_text("x"), "faq.json", Edits(removed={0}))


YAML = """\
# The shop
topic: Shop
entries:
  # hours
  - question: When are you open?
    also:
      - opening hours
      # from the chat:
      - when do you open  # often
    answer: >-
      From 9
      to 17.
    # ask Maria

  # paying
  - id: "payment"
    questions: [How can I pay?]
    answer: By card.
language: en
"""


def test_yaml_keeps_its_notes() -> None:
    """One more wording is one more line; notes and the order of the fields stay."""
    questions = ("When are you open?", "opening hours", "business hours", "when do you open")
    text = edited_text(YAML, "faq.yaml", 0, questions=questions)
    assert text.replace("      - business hours\n", "") == YAML
    text = edited_text(YAML, "faq.yaml", 0, id="hours", answer="Always:\nall day.")
    assert text == YAML.replace("  - question: When", "  - id: hours\n    question: When").replace(
        ">-\n      From 9\n      to 17.", "|\n      Always:\n      all day."
    )
    text = edited_text(YAML, "faq.yaml", 1, questions=("Can I pay?", "pay"), topic="Money")
    assert text == YAML.replace(
        "questions: [How can I pay?]\n    answer: By card.\n",
        "questions:\n      - Can I pay?\n      - pay\n    answer: By card.\n    topic: Money\n",
    )


def test_yaml_takes_new_entries_and_lets_old_ones_go() -> None:
    """What stands beside the list stays there; defaults are not repeated."""
    new = Draft(0, "x", ("Where?",), "Here.", "Shop", "en", Details(keywords=("place",)))
    text = edit_file(as_file_text(YAML), "faq.yaml", Edits(removed={0}, added=[(1, new)])).text
    assert text == (
        YAML[: YAML.index("  - question: When")]
        + YAML[YAML.index("  # paying") : YAML.index("language: en")]
        + "\n  - id: x\n    question: Where?\n    keywords:\n      - place\n    answer: Here.\n"
        + "language: en\n"
    )


def test_json_lines_keep_what_is_for_others() -> None:
    """Keys of other programs, the order of keys and the way of writing letters stay."""
    text = '{"answer": "caf\\u00e9", "questions": ["A?"], "source": 1, "id": "a"}\n'
    assert edited_text(text, "faq.jsonl", 0, answer="thé", questions=("A?", "B?")) == (
        '{"answer": "th\\u00e9", "questions": ["A?", "B?"], "source": 1, "id": "a"}\n'
    )


@pytest.mark.parametrize("form", ["jsonl", "yaml", "markdown", "csv"])
def test_a_threshold_of_nothing_is_written_down(form: str) -> None:
    """An entry that always answers is not one that says nothing of when."""
    text, drafts = written([entry("a", "When?"), entry("b", "Where?")], form)
    details = replace(drafts[0].details, threshold=0.0)
    edited = edited_text(text, _FORMS[form], 0, details=details)
    assert [it.details.threshold for it in parse_text(edited, _FORMS[form]).drafts] == [0.0, None]

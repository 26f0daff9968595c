"""What is probably not meant so in a FAQ, as its text shows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.faq.lint import lint_text
from bot.model import Details, Entry, Faq, Problem, Source, Translation
from tests.fakes import entry

TODAY = date(2026, 6, 15)


def _lint(entries: Sequence[Entry], root: Path = Path("nowhere")) -> list[Problem]:
    faq = Faq(root, tuple(entries), (), ("faq.md",), frozenset())
    return list(lint_text(faq, TODAY, lambda answer: -(-len(answer) // 4096)))


def test_a_question_of_two_entries_is_told_once_with_the_other_place(tmp_path: Path) -> None:
    """The admin reads which two entries claim the same words, however they write them."""
    (tmp_path / "b.md").write_text("# B\n\n## Opening hours\n<!-- also: WHEN do you open? -->\n")
    first = entry("hours", "When do you open?", "Opening hours", answer="At nine.", file="a.md")
    second = Entry(
        "times",
        ("Opening hours", "WHEN do you open??"),
        "In the morning.",
        None,
        None,
        Source("b.md", 3),
    )

    (problem,) = _lint([first, second], tmp_path)

    assert (problem.kind, problem.severity) == ("duplicate-question", "warning")
    assert (problem.source, problem.column) == (Source("b.md", 3), 4)
    assert '"hours" (a.md, line 1)' in problem.what
    assert problem.mend.startswith("Remove it from one")


def test_of_two_equal_entries_one_is_to_go() -> None:
    """Where the answers are the same, too, nothing has to be put together."""
    (problem,) = _lint([entry("a", "When?"), entry("b", "when")])

    assert problem.mend == "Remove one of the two entries, since their answers are the same."


def test_contradictory_answers_to_one_question_are_told_as_such() -> None:
    """What is false to half of the people is worth more than a note on a duplicate."""
    (problem,) = _lint([entry("a", "When?", answer="At 9."), entry("b", "When?", answer="At 10.")])

    assert problem.kind == "contradictory-answers"
    assert 'one says "10", the other "9"' in problem.what


def test_three_entries_with_one_question_give_two_problems() -> None:
    """Each later entry points to the first; nothing is told for every pair."""
    told = _lint([entry("a", "When?"), entry("b", "When?"), entry("c", "When?")])

    assert ['"a"' in it.what for it in told] == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Details(), Details(audience=("-100123",))),
        (Details(valid_until=date(2027, 1, 1)), Details(valid_from=date(2027, 1, 2))),
    ],
)
def test_entries_for_others_or_for_later_may_ask_the_same(one: Details, other: Details) -> None:
    """The answer for a group, or from next year on, stands beside the usual one on purpose."""
    entries = [
        replace(entry("a", "When?"), details=one),
        replace(entry("b", "When?"), details=other),
    ]

    assert not _lint(entries)


def test_a_translation_is_told_where_it_stands() -> None:
    """A question of a translation belongs to the translation's place."""
    german = Translation("de", ("Wann?",), "Um neun.", Source("de.md", 5))
    entries = [
        entry("a", "Wann?"),
        replace(entry("b", "When?"), details=Details(translations=(german,))),
    ]

    (problem,) = _lint(entries)

    assert problem.source == Source("de.md", 5)


def test_related_ids_must_exist() -> None:
    """A slip in an id is told with what was probably meant; a former id is fine."""
    related = Details(related=("delivry", "old-name", "xyz", "a"))
    entries = [
        replace(entry("a"), details=related),
        replace(entry("delivery"), details=Details(aliases=("old-name",))),
    ]

    told = _lint(entries)

    assert [it.mend for it in told] == [
        "Did you mean `delivery`?",
        "Write the id of another entry.",
    ]
    assert {it.kind for it in told} == {"unknown-related"}


@pytest.mark.parametrize(
    ("begin", "end", "kind"),
    [
        (None, TODAY, None),
        (None, date(2026, 6, 14), "expired"),
        (date(2026, 7, 1), date(2026, 6, 30), "never-shown"),
        (date(2030, 1, 1), None, None),
        (date(2026, 7, 1), date(2026, 7, 1), None),
    ],
)
def test_days_that_hide_an_entry_are_told(
    begin: date | None, end: date | None, kind: str | None
) -> None:
    """An entry that nobody sees any more, or ever, is told; one that waits for its day is not."""
    details = Details(valid_from=begin, valid_until=end)

    assert [it.kind for it in _lint([replace(entry("a"), details=details)])] == [kind] * bool(kind)


def test_an_answer_of_several_messages_is_told() -> None:
    """What has to be divided in Telegram is told with the number of parts."""
    told = _lint([entry("a", answer="x" * 4096), entry("b", answer="x" * 4097)])

    assert [(it.kind, it.source.line) for it in told] == [("long-answer", 1)]
    assert '"b" is too long' in told[0].what
    assert told[0].what.endswith("arrives as 2.")


def test_a_good_faq_is_left_in_peace() -> None:
    """Nothing is told where nothing is odd."""
    assert not _lint([entry("a"), entry("b", answer="x" * 4000)])

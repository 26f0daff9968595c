"""What an evaluation tells people, line by line."""

import pytest

from bot.cli.console import Output
from bot.cli.evaluation_report import show_report
from bot.matching.evaluating import Judged, figures
from bot.model import OutcomeKind, Query

_ANSWER, _SUGGEST, _DECLINE = OutcomeKind.ANSWER, OutcomeKind.SUGGEST, OutcomeKind.DECLINE


def _judged(  # noqa: PLR0913 - the fields of a judged question
    text: str,
    expected: str | None,
    ranking: str,
    score: float,
    kind: OutcomeKind,
    *,
    shown: str = "",
    also_ok: str = "",
) -> Judged:
    """Make a judged question; entries have ids of one letter."""
    shown = shown or (ranking[:1] if kind is _ANSWER else "")
    query = Query(text, expected, frozenset(also_ok))
    return Judged(query, tuple(ranking), score, kind, tuple(shown), None, 0.6, 0.5, 1.5)


def _told(capsys: pytest.CaptureFixture[str], *judged: Judged) -> list[str]:
    """Show a report, and give its lines, spaces around them left out."""
    show_report(judged, figures(judged), Output(as_json=False))
    told = capsys.readouterr()
    assert not told.err
    return [line.strip() for line in told.out.splitlines() if line.strip()]


def test_every_failing_question_is_told_with_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was answered and why, in groups, the surest mistakes first; what went well is not."""
    told = _told(
        capsys,
        _judged("right", "a", "abc", 0.9, _ANSWER),
        _judged("rightly not", None, "abc", 0.1, _DECLINE),
        _judged("less wrong", "b", "ab", 0.61, _ANSWER),
        _judged("wrong", "b", "acb", 0.7, _ANSWER),
        _judged("off", None, "ab", 0.65, _ANSWER),
        _judged("close", "b", "ab", 0.58, _SUGGEST, shown="ab"),
        _judged("closer", "z", "ab", 0.59, _SUGGEST, shown="ab"),
        _judged("far", "c", "abc", 0.2, _DECLINE),
        _judged("?!", "c", "", 0, _DECLINE),
    )
    assert told[: told.index("Entries that are confused most:")] == [
        "Answered wrongly (2 questions):",
        "wrong",
        "got a (score 0.70, 0.60 is enough); wanted b, which came 3rd",
        "less wrong",
        "got a (score 0.61, 0.60 is enough); wanted b, which came 2nd",
        "Answered, but nothing in the FAQ should (1 question):",
        "off",
        "got a (score 0.65, 0.60 is enough)",
        "Not answered, but the right entry was suggested (1 question):",
        "close",
        "suggested a, b (score 0.58, 0.60 is needed to answer); wanted b, which came 2nd",
        "Not answered, other entries were suggested (1 question):",
        "closer",
        "suggested a, b (score 0.59, 0.60 is needed to answer); wanted z, which was not found",
        "Not answered, nothing was suggested (2 questions):",
        "far",
        "nearest was a (score 0.20, 0.50 is needed to suggest); wanted c, which came 3rd",
        "?!",
        "found nothing; wanted c, which was not found",
    ]


def test_all_of_hundreds_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """No failing question is left out, however many they are."""
    told = _told(capsys, *(_judged(f"no {i}", "b", "ab", 0.9, _ANSWER) for i in range(500)))
    assert {f"no {i}" for i in range(500)} <= set(told)


def test_a_question_takes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A long question, one of several lines, one that would move the cursor: one line each."""
    told = _told(
        capsys,
        _judged("two\nlines\x1b[2J", "b", "ab", 0.9, _ANSWER),
        _judged("long " * 200, "b", "ab", 0.8, _ANSWER),
    )
    assert told[1] == "two lines[2J"
    assert told[3].startswith("long long")
    assert told[3].endswith("…")
    assert len(told[3]) <= 160


@pytest.mark.parametrize(
    ("place", "name"), [(2, "2nd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st")]
)
def test_places_read_well(place: int, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The place of the wanted entry is told as people say it."""
    ranking = "abcdefghijklmnopqrstuvwxyz"
    told = _told(capsys, _judged("x", ranking[place - 1], ranking, 0.9, _ANSWER))
    assert told[2].endswith(f"wanted {ranking[place - 1]}, which came {name}")


def test_an_entry_that_is_right_too_is_named_where_it_came_sooner(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of several right entries the place is that of the first."""
    told = _told(capsys, _judged("x", "c", "abc", 0.9, _ANSWER, also_ok="b"))
    assert told[2].endswith("wanted b, which came 2nd")


def test_the_five_worst_confusions_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Which entry is taken for which, and how often; without any there is no such list."""
    told = _told(
        capsys,
        *(_judged("x", expected, "abc", 0.2, _DECLINE) for expected in "bbcdefgh"),
        _judged("x", "b", "abc", 0.9, _ANSWER),
    )
    at = told.index("Entries that are confused most:")
    assert told[at + 1] == "wanted b, but a came first (3 questions, 1 of them answered)"
    assert told[at + 2] == "wanted c, but a came first (1 question, 0 of them answered)"
    assert [line.startswith("wanted") for line in told[at + 1 : at + 7]] == [True] * 5 + [False]
    fine = _told(capsys, _judged("x", "a", "a", 0.9, _ANSWER))
    assert fine[0].startswith("Figure")


def test_each_figure_has_a_line_that_says_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Name, value and meaning on one line of an ordinary terminal; a dash where there is none."""
    told = _told(capsys, _judged("x", "a", "a", 0.9, _ANSWER))
    assert told == [
        "Figure                 Value  Meaning",
        "queries                1      1 in scope (an entry should answer), 0 out",
        "p_at_1                 1.000  in scope: the right entry comes first",
        "recall_at_3            1.000  in scope: it is among the first three",
        "mrr                    1.000  in scope: mean of 1 / place of the right entry",
        "auc                    -      how often in scope scores above out of scope",
        "threshold              0.600  score from which on an entry answers (mean)",
        "suggest_threshold      0.500  score from which on one is suggested (mean)",
        "combined_accuracy      1.000  handled rightly: answered, or rightly not",
        "answered_precision     1.000  of its answers, share that is right",
        "coverage               1.000  of those in scope, share that is answered",
        "oos_recall             -      of those out of scope, share not answered",
        "helped                 1.000  in scope: right entry answered or suggested",
        "mcc                    -      Matthews correlation: 0 is chance, 1 perfect",
        "calibration_error      0.100  gap between score and how often it is right",
        "calibration_error_raw  0.100  the same, with the questions as they come",
        "ms_per_query           1.50   median, without embedding; 95% are below 1.50",
    ]


def test_beside_json_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where JSON is wanted, nothing else comes."""
    judged = [_judged("x", "b", "ab", 0.9, _ANSWER)]
    show_report(judged, figures(judged), Output(as_json=True))
    assert capsys.readouterr().out == ""

"""What an evaluation tells people: every failing question, confusions, figures in plain words."""

from collections.abc import Callable, Sequence

from rich.table import Table

from bot.cli.console import Output, counted
from bot.matching.curves import confusions
from bot.matching.evaluating import Figures, Judged
from bot.model import OutcomeKind
from bot.text import one_line

_MOST_CONFUSIONS = 5
_LONGEST_TEXT = 160
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

MEANINGS = {
    "p_at_1": "in scope: the right entry comes first",
    "recall_at_3": "in scope: it is among the first three",
    "mrr": "in scope: mean of 1 / place of the right entry",
    "auc": "how often in scope scores above out of scope",
    "threshold": "score from which on an entry answers (mean)",
    "suggest_threshold": "score from which on one is suggested (mean)",
    "combined_accuracy": "handled rightly: answered, or rightly not",
    "answered_precision": "of its answers, share that is right",
    "coverage": "of those in scope, share that is answered",
    "oos_recall": "of those out of scope, share not answered",
    "helped": "in scope: right entry answered or suggested",
    "mcc": "Matthews correlation: 0 is chance, 1 perfect",
    "calibration_error": "gap between score and how often it is right",
    "calibration_error_raw": "the same, with the questions as they come",
}
"""The figures that are one number each, in the order of the report."""

_GROUPS: tuple[tuple[str, Callable[[Judged], bool]], ...] = (
    ("Answered wrongly", lambda it: it.answered and it.in_scope),
    ("Answered, but nothing in the FAQ should", lambda it: it.answered),
    (
        "Not answered, but the right entry was suggested",
        lambda it: it.kind is OutcomeKind.SUGGEST and it.helped,
    ),
    ("Not answered, other entries were suggested", lambda it: it.kind is OutcomeKind.SUGGEST),
    ("Not answered, nothing was suggested", lambda it: not it.answered),
)


def show_report(judged: Sequence[Judged], figures: Figures, output: Output) -> None:
    """Show everything, the figures last: there they are in sight however long the lists are."""
    _show_failures(judged, output)
    _show_confusions(judged, output)
    _show_figures(figures, output)


def _show_failures(judged: Sequence[Judged], output: Output) -> None:
    left = sorted((it for it in judged if not it.right), key=lambda it: -it.score)
    for title, belongs in _GROUPS:
        group = [it for it in left if belongs(it)]
        left = [it for it in left if not belongs(it)]
        if group:
            output.line(f"\n{title} ({counted(len(group), 'question')}):", style="bold")
        for it in group:
            text = one_line(it.query.text)
            if len(text) > _LONGEST_TEXT:
                text = f"{text[: _LONGEST_TEXT - 1]}…"
            output.line(f"  {text}")
            output.line(f"      {_reason(it)}", style="dim")


def _reason(judged: Judged) -> str:
    """Say what came of a question and why, in a line."""
    score = f"{judged.score:.2f}"
    if judged.answered:
        got = f"got {judged.shown[0]} (score {score}, {judged.threshold:.2f} is enough)"
    elif judged.kind is OutcomeKind.SUGGEST:
        suggested = ", ".join(judged.shown)
        got = f"suggested {suggested} (score {score}, {judged.threshold:.2f} is needed to answer)"
    elif judged.ranking:
        needed = f"{judged.suggest_threshold:.2f} is needed to suggest"
        got = f"nearest was {judged.ranking[0]} (score {score}, {needed})"
    else:
        got = "found nothing"
    if not judged.in_scope:
        return got
    return f"{got}; wanted {_wanted(judged)}"


def _wanted(judged: Judged) -> str:
    wanted = judged.query.expected
    if judged.rank is None:
        return f"{wanted}, which was not found"
    return f"{judged.ranking[judged.rank - 1]}, which came {_ordinal(judged.rank)}"


def _show_confusions(judged: Sequence[Judged], output: Output) -> None:
    worst = confusions(judged)[:_MOST_CONFUSIONS]
    if worst:
        output.line("\nEntries that are confused most:", style="bold")
    for it in worst:
        times = f"{counted(it.count, 'question')}, {it.answered} of them answered"
        output.line(f"  wanted {it.expected}, but {it.got} came first ({times})")


def _show_figures(figures: Figures, output: Output) -> None:
    table = Table("Figure", "Value", "Meaning", box=None)
    scope = f"{figures.in_scope} in scope (an entry should answer), {figures.out_of_scope} out"
    table.add_row("queries", str(figures.queries), scope)
    for name, meaning in MEANINGS.items():
        value = getattr(figures, name)
        table.add_row(name, "-" if value is None else f"{value:.3f}", meaning)
    slow = f"median, without embedding; 95% are below {figures.ms_per_query_p95:.2f}"
    table.add_row("ms_per_query", f"{figures.ms_per_query_p50:.2f}", slow)
    output.line()
    output.show(table)


def _ordinal(place: int) -> str:
    is_teen = place % 100 in range(10, 20)
    return f"{place}{'th' if is_teen else _ENDINGS.get(place % 10, 'th')}"

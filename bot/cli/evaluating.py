"""`faqbot eval`: figures over a file of test questions."""

import tempfile
from pathlib import Path

from rich.table import Table

from bot.app import at_path, build_engine, describe_embedder
from bot.cli.console import Output
from bot.evaluation import evaluate
from bot.faq.question_file import read_questions
from bot.matching.deciding import SUGGEST_MARGIN
from bot.matching.evaluating import Figures, Judged, figures
from bot.settings import Settings

_MOST_FAILURES = 20
_SHARES = {
    "p_at_1": "right entry first (in scope)",
    "recall_at_3": "right entry among the first three (in scope)",
    "mrr": "mean of 1 / rank of the right entry (in scope)",
    "auc": "chance that a question in scope scores above one out of scope",
    "threshold": "score from which on an entry answers",
    "combined_accuracy": "right reactions: answered rightly, or rightly not answered",
    "answered_precision": "right answers among the answers",
    "coverage": "answered (in scope)",
    "oos_recall": "not answered (out of scope)",
    "mcc": "Matthews correlation, 0 is chance and 1 perfect",
}


async def evaluate_questions(settings: Settings, output: Output, path: Path) -> None:
    """Put test questions to the FAQ and print the figures.

    The index is made in a temporary folder, so that an evaluation never disturbs a running bot.
    """
    queries = read_questions(path)
    with tempfile.TemporaryDirectory(prefix="faqbot-") as folder:
        engine = build_engine(at_path(settings, Path(folder, "index.sqlite")))
        try:
            with output.progress("Embedding the FAQ") as progress:
                report = await engine.update(progress)
            known = {entry.id for entry in engine.entries()}
            with output.progress("Embedding the questions") as progress:
                judged = await evaluate(
                    queries,
                    engine.answerer,
                    engine.vectorizer,
                    entries=len(known),
                    progress=progress,
                )
            threshold, usage = engine.threshold, engine.embedder.usage
        finally:
            await engine.close()
    unknown = {it.expected for it in queries if it.expected is not None} - known
    for id_ in sorted(unknown):
        output.aside(f'{path} expects the entry "{id_}", which is not in the FAQ.')
    result = figures(judged, threshold, max(threshold - SUGGEST_MARGIN, 0.0))
    phrasings = report.embedded + report.reused
    _show(result, judged, output)
    output.usage(usage)
    output.json(
        {
            "entries": len(known),
            "phrasings": phrasings,
            "queries": result.queries,
            "in_scope": result.in_scope,
            "out_of_scope": result.out_of_scope,
            **{name: _rounded(getattr(result, name)) for name in _SHARES},
            "ms_per_query": {
                "p50": round(result.ms_per_query_p50, 3),
                "p95": round(result.ms_per_query_p95, 3),
            },
            "embedder": describe_embedder(settings),
            "scoring": "cosine",
        }
    )


def _show(result: Figures, judged: list[Judged], output: Output) -> None:
    table = Table("Figure", "Value", "Meaning", box=None)
    table.add_row("queries", str(result.queries), f"{result.in_scope} in scope")
    for name, meaning in _SHARES.items():
        value = getattr(result, name)
        table.add_row(name, "-" if value is None else f"{value:.3f}", meaning)
    table.add_row(
        "ms_per_query",
        f"{result.ms_per_query_p50:.2f}",
        f"median, without embedding; {result.ms_per_query_p95:.2f} at the 95th percentile",
    )
    output.show(table)
    wrong = [it for it in judged if not it.right]
    if wrong:
        shown = min(len(wrong), _MOST_FAILURES)
        output.line(f"\n{len(wrong)} questions went wrong; the first {shown}:")
    for it in wrong[:_MOST_FAILURES]:
        got = f"answered {it.ranking[0]}" if it.answered else "not answered"
        wanted = it.query.expected or "no answer"
        output.line(f"  {it.query.text!r}: {got} ({it.score:.2f}), wanted {wanted}")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

"""`faqbot eval`: how well test questions are answered."""

import asyncio
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.app import at_path, build_engine, describe_embedder, look_at_index
from bot.cli.console import Output
from bot.cli.evaluation_report import MEANINGS, show_report
from bot.cli.plotting import PlotError, check_plot_path, write_plot
from bot.engine import Engine
from bot.errors import FaqbotError
from bot.evaluation import evaluate, leave_one_out
from bot.faq.aliases import resolved
from bot.faq.question_file import read_questions
from bot.matching.evaluating import Figures, Judged, figures
from bot.model import Entry, Query
from bot.settings import Settings


class NothingToLeaveOutError(FaqbotError):
    """The FAQ's own phrasings are too few to test it with."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What an evaluation must reach, so that whatever runs the command can refuse an edit."""

    precision: float | None = None
    """The least answered_precision."""
    coverage: float | None = None
    """The least coverage."""

    def missed(self, result: Figures) -> list[str]:
        """Say in a sentence each what was not reached; a figure that there is not, is missed."""
        return [
            *_missed("precision", "answer", self.precision, result.answered_precision),
            *_missed(
                "coverage", "question that an entry should answer", self.coverage, result.coverage
            ),
        ]


async def evaluate_questions(
    settings: Settings,
    output: Output,
    path: Path | None,
    *,
    plot: Path | None = None,
    demands: Demands | None = None,
) -> int:
    """Put test questions to the FAQ and tell how well they are answered.

    The index is made in a temporary folder, so that an evaluation never disturbs a running bot.

    Args:
        settings: the settings.
        output: where to tell it.
        path: the test questions; None asks the FAQ its own phrasings, each left out meanwhile.
        plot: where to draw the plot.
        demands: what must be reached.

    Returns:
        The exit status: 1 when a demand was missed or the plot could not be written.
    """
    if plot:
        check_plot_path(plot)
    queries = read_questions(path) if path else ()
    with tempfile.TemporaryDirectory(prefix="faqbot-") as folder:
        engine = build_engine(at_path(settings, Path(folder, "index.sqlite")))
        try:
            with output.progress("Embedding the FAQ") as progress:
                # Former ids of entries are known to what serves only.
                await engine.update(progress, known=_served(settings))
            entries = engine.index.entries()
            queries = resolved(queries, entries)
            judged = await (_put(queries, engine, output) if path else _put_itself(engine))
            usage = engine.embedder.usage
        finally:
            await engine.close()
    known = {entry.id for entry in entries}
    for id_ in sorted({it.expected for it in queries if it.expected is not None} - known):
        output.aside(f'{path} expects the entry "{id_}", which is not in the FAQ.')
    result = figures(judged, settings.off_topic_share)
    show_report(judged, result, output)
    output.usage(usage)
    output.json(
        {
            "entries": len(known),
            "phrasings": sum(len(entry.phrasings) for entry in entries),
            **_as_json(result),
            "embedder": describe_embedder(settings),
            "scoring": settings.scoring,
        }
    )
    faults = (demands or Demands()).missed(result)
    if plot:
        try:
            write_plot(plot, judged, result, path.name if path else "its own phrasings")
            output.line(f"The plot is in {plot}.")
        except PlotError as error:
            faults.append(str(error))
    for sentence in faults:
        output.aside(sentence)
    return 1 if faults else 0


def _served(settings: Settings) -> tuple[Entry, ...]:
    try:
        entries, _ = look_at_index(settings)
    except FaqbotError:
        return ()  # it is not what is measured here
    return entries


async def _put(queries: tuple[Query, ...], engine: Engine, output: Output) -> list[Judged]:
    """Put questions from a file to the engine."""
    with output.progress("Embedding the questions") as progress:
        return await evaluate(queries, engine.answerer, engine.vectorizer, progress=progress)


async def _put_itself(engine: Engine) -> list[Judged]:
    """Put the FAQ's own phrasings to the engine."""
    judged = await asyncio.to_thread(leave_one_out, engine.answerer)
    if not judged:
        raise NothingToLeaveOutError(
            "Without a file of test questions, faqbot eval leaves out one phrasing at a time and "
            "asks it. This FAQ has too few for that: write more phrasings, or name a file of test "
            "questions."
        )
    return judged


def _as_json(result: Figures) -> dict[str, object]:
    return {
        "queries": result.queries,
        "in_scope": result.in_scope,
        "out_of_scope": result.out_of_scope,
        **{name: _rounded(getattr(result, name)) for name in MEANINGS},
        "ms_per_query": {
            "p50": round(result.ms_per_query_p50, 3),
            "p95": round(result.ms_per_query_p95, 3),
        },
    }


def _missed(name: str, what: str, least: float | None, reached: float | None) -> list[str]:
    if not least or (reached is not None and reached >= least):
        return []
    if reached is None:
        return [f"There was no {what}, so there is no {name}, but --min-{name} asks for {least:g}."]
    # Rounded down: what is missed by a hair must not look as if it were reached.
    shown = math.floor(reached * 10_000) / 10_000
    return [f"The {name} is {shown:g}, but --min-{name} asks for {least:g}."]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

"""`faqbot ask`: one question."""

from typing import Any

from bot.app import Engine, build_engine
from bot.cli.console import Output
from bot.errors import FaqbotError
from bot.indexing import IndexReport
from bot.model import Outcome
from bot.settings import Settings
from bot.wording import reply


async def ask_once(settings: Settings, output: Output, text: str) -> None:
    """Bring the index up to date, ask, and print what came of it."""
    engine = build_engine(settings)
    try:
        await freshen(engine, output)
        outcome = await engine.ask(text)
        show_outcome(engine, output, outcome)
        output.usage(engine.embedder.usage)
        output.json(_as_json(outcome) | {"tokens": engine.embedder.usage.tokens})
    finally:
        await engine.close()


async def freshen(engine: Engine, output: Output) -> IndexReport | None:
    """Serve the FAQ as it is now, or say why an older state of it serves on."""
    with output.progress("Reading the FAQ") as progress:
        result = await engine.update_or_keep(progress)
    if isinstance(result, FaqbotError):
        output.aside(f"{result} Until then the FAQ serves as it was before.")
        return None
    output.problems(result.faq.root, result.faq.problems)
    for file in result.kept_files:
        output.aside(f"{result.faq.root / file}: its last good version serves until it is mended.")
    return result


def show_outcome(engine: Engine, output: Output, outcome: Outcome) -> None:
    """Show an outcome as the person who asked reads it."""
    if output.as_json:
        return
    output.line()
    output.markdown(reply(outcome, engine.entries()))
    if outcome.score is not None:
        nearest = outcome.matches[0].entry_id
        output.line(
            f"\n({outcome.kind}: score {outcome.score:.2f}, threshold {outcome.threshold:.2f}, "
            f"nearest entry {nearest})",
            style="dim",
        )


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "outcome": outcome.kind.value,
        "entry_id": outcome.entry.id if outcome.entry else None,
        "answer": outcome.entry.answer if outcome.entry else None,
        "score": _rounded(outcome.score),
        "threshold": outcome.threshold,
        "matches": [
            {"entry_id": it.entry_id, "question": it.question, "score": _rounded(it.score)}
            for it in outcome.matches
        ],
    }


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)

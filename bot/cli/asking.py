"""`faqbot ask`: one question."""

from collections.abc import Sequence
from typing import Any

from bot.app import build_engine
from bot.cli.console import Output
from bot.engine import Engine
from bot.errors import FaqbotError
from bot.indexing import IndexReport
from bot.matching.explaining import Explanation
from bot.model import Outcome
from bot.reasons import decision, off_topic, score, voices
from bot.settings import Settings
from bot.wording.saying import reply


async def ask_once(
    settings: Settings, output: Output, text: str, *, explained: bool = False
) -> None:
    """Bring the index up to date, ask, and print what came of it, and why if that is wanted."""
    engine = build_engine(settings)
    try:
        await freshen(engine, output)
        outcome = await engine.ask(text)
        explanations = (
            await engine.explain(outcome.reading) if explained and outcome.matches else ()
        )
        show_outcome(engine, output, outcome)
        show_explanations(output, outcome, explanations)
        output.usage(engine.embedder.usage)
        reasons = {"explanation": [_reasons(it) for it in explanations]} if explained else {}
        output.json(_as_json(outcome) | reasons | {"tokens": engine.embedder.usage.tokens})
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
    if told := decision(outcome):
        output.line(f"\n({told})", style="dim")


def show_explanations(
    output: Output, outcome: Outcome, explanations: Sequence[Explanation]
) -> None:
    """Show what spoke for the best entries."""
    if not explanations or output.as_json:
        return
    output.line("\nWhy:", style="bold")
    for place, explanation in enumerate(explanations, start=1):
        match = explanation.match
        output.line(f"{place}. {match.entry_id}: {score(match)}")
        for value, told in voices(explanation):
            output.line(f"     {value:5.2f}  {told}", style="dim")
    if chance := off_topic(outcome):
        output.line(chance)


def _reasons(explanation: Explanation) -> dict[str, Any]:
    return {
        "entry_id": explanation.match.entry_id,
        "question": explanation.match.question,
        "score": _rounded(explanation.match.score),
        "parts": [
            {
                "name": part.name,
                "what": part.what,
                "value": _rounded(part.value),
                "verdict": part.verdict,
            }
            for part in explanation.parts
        ],
    }


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "outcome": outcome.kind.value,
        "entry_id": outcome.entry.id if outcome.entry else None,
        "answer": outcome.entry.answer if outcome.entry else None,
        "further": [{"entry_id": it.id, "answer": it.answer} for it in outcome.further],
        "suggestions": [it.id for it in outcome.suggestions],
        "score": _rounded(outcome.score),
        "threshold": _rounded(outcome.threshold),
        "suggest_threshold": _rounded(outcome.suggest_threshold),
        "off_topic": _rounded(outcome.off_topic),
        "without_embeddings": outcome.without_embeddings,
        "matches": [
            {"entry_id": it.entry_id, "question": it.question, "score": _rounded(it.score)}
            for it in outcome.matches
        ],
    }


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)

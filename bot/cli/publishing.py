"""`faqbot history` and `faqbot rollback`: what was published, and going back to it."""

from typing import Any

from bot.app import build_engine, look_at_index
from bot.cli.console import Output, counted
from bot.cli.indexing import difference_as_json
from bot.publication import History, Publication
from bot.settings import Settings
from bot.wording.saying import held_back


def show_history(settings: Settings, output: Output) -> None:
    """List the published states that are kept, the newest first."""
    _, history = look_at_index(settings)
    for publication in reversed(history.publications):
        output.line(_told(publication, history))
    if not history.publications:
        output.line("Nothing has been published yet: `faqbot index` does that.")
    output.json(
        {
            "serving": history.serving,
            "pinned": history.pin.number if history.pin else None,
            "states": [_as_json(it) for it in reversed(history.publications)],
        }
    )


async def roll_back(settings: Settings, output: Output, number: int | None) -> None:
    """Serve an earlier state again, and report."""
    engine = build_engine(settings)
    try:
        with output.progress("Embedding") as progress:
            report = await engine.rollback(number, progress)
        usage = engine.embedder.usage
    finally:
        await engine.close()
    publication = report.publication
    output.line(
        f"Number {publication.number} serves again, with "
        f"{counted(publication.entries, 'answer')}: {report.difference}."
    )
    if report.is_pinned:
        output.line(held_back(publication.number))
    output.usage(usage)
    output.json(
        {
            "serving": publication.number,
            "pinned": publication.number if report.is_pinned else None,
            "entries": publication.entries,
            "embedded": report.embedded,
            "changes": difference_as_json(report.difference),
        }
    )


def _told(publication: Publication, history: History) -> str:
    when = (
        f"{publication.when.astimezone():%Y-%m-%d %H:%M:%S}"
        if publication.when
        else "before there was a history"
    )
    line = f"{publication.number:>4}  {when}  {counted(publication.entries, 'answer')}"
    if publication.difference:
        line += f" ({publication.difference})"
    if publication.number == history.serving:
        line += "  ← serves, and stays until the files change" if history.pin else "  ← serves"
    return line


def _as_json(publication: Publication) -> dict[str, Any]:
    return {
        "number": publication.number,
        "when": publication.when.isoformat() if publication.when else None,
        "entries": publication.entries,
        "changes": difference_as_json(publication.difference),
    }

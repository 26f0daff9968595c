"""`faqbot chat`: a conversation in the terminal."""

import asyncio
import contextlib
import io
import sys

from bot.app import build_engine
from bot.cli.asking import freshen, show_outcome
from bot.cli.console import Output, counted
from bot.engine import Engine
from bot.errors import FaqbotError
from bot.indexing import IndexReport
from bot.model import Entry, Outcome
from bot.settings import Settings
from bot.wording.saying import offer

_HELP = "Ask a question, or /topics for what I can help with, /quit (or Ctrl-D) to leave."


def chat_session(settings: Settings, output: Output) -> None:
    """Chat until the input ends."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        # A stray byte in the input is no reason to stop.
        sys.stdin.reconfigure(errors="replace")
    if sys.stdin.isatty():
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - importing it gives input() editing and history
    # Reading a line blocks, so the event loop runs only while there is something to do, and
    # Ctrl-C works in between.
    with asyncio.Runner() as runner:
        engine = build_engine(settings)
        try:
            runner.run(_prepare(engine, output))
            _converse(runner, engine, output)
        except (EOFError, KeyboardInterrupt):
            output.line()
        finally:
            runner.run(engine.close())


async def _prepare(engine: Engine, output: Output) -> None:
    _, report = await asyncio.gather(engine.warm_up(), freshen(engine, output))
    entries = engine.entries()
    count = sum(len(entry.phrasings) for entry in entries)
    output.line(
        f"{counted(len(entries), 'answer')} to {counted(count, 'phrasing')} from "
        f"{engine.settings.faq_path}."
    )
    if report:
        output.usage(report.usage)
    output.line(_HELP)


def _converse(runner: asyncio.Runner, engine: Engine, output: Output) -> None:
    suggested: tuple[Entry, ...] = ()
    while True:
        output.line()
        text = input("> " if sys.stdin.isatty() else "").strip()
        if text in {"/quit", "/exit"}:
            return
        if text in {"/help", "/start", "/topics"}:
            output.markdown(_HELP if text == "/help" else offer(engine.entries()))
            continue
        if not text:
            continue
        if text.isdecimal() and 1 <= int(text) <= len(suggested):
            output.markdown(suggested[int(text) - 1].answer)
            continue
        used_before = engine.embedder.usage
        try:
            outcome = runner.run(_respond(engine, output, text))
        except FaqbotError as error:
            output.line(f"I cannot look things up right now. {error}")
            continue
        show_outcome(engine, output, outcome)
        output.usage(engine.embedder.usage - used_before)
        suggested = outcome.suggestions
        if suggested:
            output.line(f"Type {_numbers(len(suggested))} for its answer, or ask again.")


async def _respond(engine: Engine, output: Output, text: str) -> Outcome:
    if engine.has_news():
        report = await freshen(engine, output)
        if report and report.difference:
            _tell_difference(report, output)
    return await engine.ask(text)


def _tell_difference(report: IndexReport, output: Output) -> None:
    parts = [
        f"{len(ids)} {what}"
        for what, ids in (
            ("added", report.difference.added),
            ("changed", report.difference.changed),
            ("removed", report.difference.removed),
            ("renamed", report.difference.renamed),
        )
        if ids
    ]
    output.line(f"(The FAQ has changed: {', '.join(parts)}.)", style="dim")


def _numbers(count: int) -> str:
    return {1: "1", 2: "1 or 2"}.get(count, f"1 to {count}")

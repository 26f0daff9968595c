"""`faqbot index`: bring the index up to date, or show what that would do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.app import build_engine
from bot.cli.console import Output, problem_as_json
from bot.engine import Engine
from bot.faq.question_file import QuestionFileError, beside, read_questions
from bot.indexing import IndexReport
from bot.model import OutcomeKind, Query
from bot.publication import Difference
from bot.reactions import ChangedReaction, Reaction
from bot.settings import Settings
from bot.wording.saying import held_back

_MOST_IDS = 20


async def update_index(settings: Settings, output: Output, *, rebuild: bool, force: bool) -> None:
    """Bring the index up to date, and report."""
    engine = build_engine(settings)
    try:
        with output.progress("Embedding") as progress:
            report = await engine.update(progress, afresh=rebuild, force=force)
    finally:
        await engine.close()
    _show(report, output, dry_run=False)
    output.json(_as_json(report, dry_run=False))


async def preview_index(
    settings: Settings, output: Output, *, questions: Path | None, force: bool
) -> None:
    """Show what bringing the index up to date would do, without doing it.

    Args:
        settings: the settings.
        output: where to show it.
        questions: a file of questions to try before and after; None for those beside the FAQ.
        force: as for an update.
    """
    asked = _questions_to_try(settings, output, questions)
    engine = build_engine(settings)
    try:
        report = await engine.preview(force=force)
        changed = await _foretold(engine, report, asked, output)
        usage = engine.embedder.usage
    finally:
        await engine.close()
    _show(report, output, dry_run=True)
    for it in changed:
        output.line(f'"{it.text}": {_told(it)}')
    if asked:
        output.line(f"{len(changed)} of {len(asked)} questions would get something else.")
    output.usage(usage)
    output.line("Nothing was changed: this was a dry run.")
    output.json(
        _as_json(report, dry_run=True)
        | {"questions": len(asked), "reactions": [_reactions_as_json(it) for it in changed]}
    )


def _questions_to_try(settings: Settings, output: Output, path: Path | None) -> tuple[Query, ...]:
    """Give the questions that people may ask; once they are kept, what people did ask comes here.

    Raises:
        QuestionFileError: the file that was named cannot be used.
    """
    if path:
        return read_questions(path)
    found: list[Query] = []
    for file in beside(settings.faq_path):
        try:
            found += read_questions(file)
        except QuestionFileError as error:
            output.aside(str(error))
    return tuple(found)


async def _foretold(
    engine: Engine, report: IndexReport, asked: Sequence[Query], output: Output
) -> tuple[ChangedReaction, ...]:
    if not asked or not report.difference:
        return ()
    with output.progress("Trying the questions") as progress:
        return await engine.foretell(report, asked, progress)


def _told(changed: ChangedReaction) -> str:
    if changed.is_same_entry:
        return f"{_named(changed.after)}, whose text is another one"
    return f"{_named(changed.before)} → {_named(changed.after)}"


def _named(reaction: Reaction) -> str:
    if not reaction.entry_ids:
        return "no answer"
    ids = ", ".join(reaction.entry_ids)
    return ids if reaction.kind is OutcomeKind.ANSWER else f"did you mean {ids}?"


def _reactions_as_json(changed: ChangedReaction) -> dict[str, Any]:
    return {
        "text": changed.text,
        **{
            name: {"outcome": it.kind.value, "entry_ids": it.entry_ids, "answers": it.answers}
            for name, it in (("before", changed.before), ("after", changed.after))
        },
    }


def _as_json(report: IndexReport, *, dry_run: bool) -> dict[str, Any]:
    changes = report.difference
    return {
        "embedded": report.embedded,
        "reused": report.reused,
        "added": len(changes.added),
        "changed": len(changes.changed),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "problems": [problem_as_json(report.faq.root, it) for it in report.faq.problems],
        "seconds": round(report.seconds, 3),
        "tokens": report.usage.tokens,
        "credits": report.usage.credits,
        "dry_run": dry_run,
        "pinned": report.pin.number if report.pin else None,
        "changes": difference_as_json(changes),
    }


def difference_as_json(changes: Difference) -> dict[str, Any]:
    """Give a difference in the form that programs read."""
    return {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "renamed": [{"from": old, "to": new} for old, new in changes.renamed],
    }


def _show(report: IndexReport, output: Output, *, dry_run: bool) -> None:
    if output.as_json:
        return
    output.problems(report.faq.root, report.faq.problems)
    for file in report.kept_files:
        output.aside(f"{report.faq.root / file}: its last good version serves until it is mended.")
    changes = report.difference
    for mark, style, ids in (
        ("+", "green", changes.added),
        ("~", "yellow", changes.changed),
        ("-", "red", changes.removed),
        (">", "yellow", [f"{old} → {new}" for old, new in changes.renamed]),
    ):
        for id_ in ids[:_MOST_IDS]:
            output.line(f"{mark} {id_}", style)
        if len(ids) > _MOST_IDS:
            output.line(f"{mark} and {len(ids) - _MOST_IDS} more", style)
    would = "would be " if dry_run else ""
    output.line(
        f"{changes}; {report.embedded} texts {would}embedded, {report.reused} reused, in "
        f"{report.seconds:.1f} s."
    )
    if report.pin:
        output.aside(held_back(report.pin.number))
    if not dry_run:
        output.usage(report.usage)

"""`faqbot index`: bring the index up to date, or show what that would do."""

from bot.app import build_engine
from bot.cli.console import Output, problem_as_json
from bot.indexing import IndexReport
from bot.settings import Settings

_MOST_IDS = 20


async def update_index(settings: Settings, output: Output, *, dry_run: bool, rebuild: bool) -> None:
    """Bring the index up to date, or show what that would do, and report."""
    engine = build_engine(settings)
    try:
        if dry_run:
            report = await engine.preview()
        else:
            with output.progress("Embedding") as progress:
                report = await engine.update(progress, afresh=rebuild)
    finally:
        await engine.close()
    _show(report, output, dry_run=dry_run)
    changes = report.difference
    output.json(
        {
            "embedded": report.embedded,
            "reused": report.reused,
            "added": len(changes.added),
            "changed": len(changes.changed),
            "removed": len(changes.removed),
            "problems": [problem_as_json(report.faq.root, it) for it in report.faq.problems],
            "seconds": round(report.seconds, 3),
            "tokens": report.usage.tokens,
            "credits": report.usage.credits,
            "dry_run": dry_run,
            "changes": {
                "added": changes.added,
                "changed": changes.changed,
                "removed": changes.removed,
            },
        }
    )


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
    ):
        for id_ in ids[:_MOST_IDS]:
            output.line(f"{mark} {id_}", style)
        if len(ids) > _MOST_IDS:
            output.line(f"{mark} and {len(ids) - _MOST_IDS} more", style)
    would = "would be " if dry_run else ""
    output.line(
        f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} "
        f"removed; {report.embedded} texts {would}embedded, {report.reused} reused, in "
        f"{report.seconds:.1f} s."
    )
    output.usage(report.usage)
    if dry_run:
        output.line("Nothing was changed: this was a dry run.")

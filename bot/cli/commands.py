"""The commands and their options."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from bot import __version__
from bot.app import describe_embedder
from bot.cli.asking import ask_once
from bot.cli.chatting import chat_session
from bot.cli.checking import Form, check_faq
from bot.cli.configuring import show_config, show_wording
from bot.cli.console import Output
from bot.cli.evaluating import Demands, evaluate_questions
from bot.cli.exporting import ExportForm, export_faq
from bot.cli.fixing import fix_faq
from bot.cli.importing import ImportOptions, import_files
from bot.cli.indexing import preview_index, update_index
from bot.cli.living import show_health
from bot.cli.publishing import roll_back, show_history
from bot.cli.starting import start_faq
from bot.environment import read_settings
from bot.errors import FaqbotError
from bot.logs import configure_logging
from bot.settings import Settings

_log = logging.getLogger(__name__)

_INTERNAL_FAULT = 70  # EX_SOFTWARE of sysexits.h

app = typer.Typer(
    name="faqbot",
    help="Answers from a curated FAQ by meaning.",
    no_args_is_help=True,
    add_completion=False,
    # Typer's own tracebacks show local variables, keys among them.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FaqOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--faq", help="The FAQ, a file or a folder, instead of FAQBOT_FAQ_PATH."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Returns:
        The exit status: 0 when all went well, 1 for what the operator can mend, 2 for wrong usage,
        70 for a fault of the program itself.
    """
    as_json = "--json" in arguments
    try:
        app(args=list(arguments), prog_name="faqbot")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except FaqbotError as error:
        _fail(str(error), as_json=as_json)
        return 1
    except Exception:  # noqa: BLE001 - the last resort, so that no traceback shows a secret
        _log.exception("a fault of faqbot itself")
        _fail(
            "Something went wrong inside faqbot itself; what is above helps to find out what. "
            "Nothing is lost: the index is as it was.",
            as_json=as_json,
        )
    return _INTERNAL_FAULT


def _fail(message: str, *, as_json: bool) -> None:
    output = Output(as_json=as_json)
    output.aside(message)
    output.json({"error": message})


@app.callback(invoke_without_command=True)
def faqbot(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Answer from a curated FAQ by meaning."""
    if version:
        typer.echo(f"faqbot {__version__}")
        raise typer.Exit


@app.command()
def chat(faq: FaqOption = None) -> None:
    """Chat with the FAQ in the terminal; an edit of the FAQ counts from the next question on."""
    settings, output = _begin(faq, as_json=False)
    chat_session(settings, output)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question.")],
    faq: FaqOption = None,
    as_json: JsonOption = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what spoke for the five best entries.")
    ] = False,
) -> None:
    """Ask one question."""
    settings, output = _begin(faq, as_json=as_json)
    asyncio.run(ask_once(settings, output, text, explained=explain))


@app.command()
def index(  # noqa: PLR0913, PLR0917 - its options
    faq: FaqOption = None,
    as_json: JsonOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Embed everything again, whatever is at hand already."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Publish even what was rolled back.")
    ] = False,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            help="With --dry-run: a file of questions to try before and after, instead of the "
            "_questions file beside the FAQ.",
        ),
    ] = None,
) -> None:
    """Bring the index up to date with the FAQ; only what changed is embedded."""
    settings, output = _begin(faq, as_json=as_json)
    if dry_run:
        asyncio.run(preview_index(settings, output, questions=questions, force=force))
    else:
        asyncio.run(update_index(settings, output, rebuild=rebuild, force=force))


@app.command()
def history(faq: FaqOption = None, as_json: JsonOption = False) -> None:
    """List the published states of the FAQ that are kept, and which one serves."""
    settings, output = _begin(faq, as_json=as_json)
    show_history(settings, output)


@app.command()
def rollback(
    number: Annotated[
        int | None, typer.Argument(help="The state's number, instead of the one before.")
    ] = None,
    faq: FaqOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve an earlier state of the FAQ again, until its files change."""
    settings, output = _begin(faq, as_json=as_json)
    asyncio.run(roll_back(settings, output, number))


@app.command()
def check(  # noqa: PLR0913, PLR0917 - its options
    path: Annotated[Path | None, typer.Argument(help="The FAQ to check, instead of --faq.")] = None,
    faq: FaqOption = None,
    as_json: JsonOption = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what needs the embedding model.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Status 1 on warnings, too.")] = False,
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help="How to list the problems: text, or github for annotations, which is the default "
            "in GitHub Actions.",
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="First mend what can be mended without asking, ids included."),
    ] = False,
) -> None:
    """List every problem in the FAQ, with its place and how to mend it; status 1 on errors."""
    settings, output = _begin(path or faq, as_json=as_json)
    if fix:
        fix_faq(settings, output)
    raise typer.Exit(
        asyncio.run(check_faq(settings, output, quick=quick, strict=strict, form=form))
    )


@app.command()
def new(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to begin, instead of FAQBOT_FAQ_PATH.")
    ] = None,
) -> None:
    """Start a FAQ: a small example to change, and questions to test it with."""
    settings, output = _begin(None, as_json=False)
    start_faq(settings, output, folder)


@app.command()
def export(
    faq: FaqOption = None,
    to: Annotated[
        ExportForm | None,
        typer.Option("--format", help="The format, if the name of the file does not tell."),
    ] = None,
    path: Annotated[
        Path | None, typer.Option("--output", help="The file, instead of standard output.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file if there is one already.")
    ] = False,
) -> None:
    """Write the whole FAQ as one file, for a spreadsheet or another program."""
    # What else there is to say goes to standard error, as beside JSON.
    settings, output = _begin(faq, as_json=True)
    export_faq(settings, output, path, to, force=force)


@app.command(name="import")
def import_(  # noqa: PLR0913, PLR0917 - its options
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="An edited export, or another FAQ.")
    ],
    faq: FaqOption = None,
    as_json: JsonOption = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="The folder or the new file for what is new.")
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove the entries that an edited export lacks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
) -> None:
    """Take over another FAQ as a new file, or bring an edited export back to where it belongs."""
    settings, output = _begin(faq, as_json=as_json)
    options = ImportOptions(into, delete, dry_run)
    raise typer.Exit(import_files(settings, output, paths, options))


@app.command(name="eval")
def evaluate(  # noqa: PLR0913, PLR0917 - its options
    queries: Annotated[
        Path | None,
        typer.Argument(
            help="Test questions: .jsonl, .json, .yaml, .csv or .tsv. Without them the FAQ is "
            "asked its own phrasings, each left out meanwhile."
        ),
    ] = None,
    faq: FaqOption = None,
    as_json: JsonOption = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw a plot, as .png, .svg or .pdf.")
    ] = None,
    min_precision: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Status 1 if a smaller share of its answers is right."),
    ] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Status 1 if it answers less of what it should."),
    ] = None,
) -> None:
    """Measure how well test questions are answered."""
    settings, output = _begin(faq, as_json=as_json)
    demands = Demands(min_precision, min_coverage)
    raise typer.Exit(
        asyncio.run(evaluate_questions(settings, output, queries, plot=plot, demands=demands))
    )


@app.command()
def config(
    faq: FaqOption = None,
    as_json: JsonOption = False,
    wording: Annotated[
        str | None,
        typer.Option(
            "--wording",
            metavar="LANGUAGE",
            help="Print instead what the bot says in a language such as de, as a file for "
            "FAQBOT_WORDING_PATH.",
        ),
    ] = None,
) -> None:
    """Show the settings in effect, secrets masked, and what leaves this machine."""
    # What else there is to say goes to standard error there.
    settings, output = _begin(faq, as_json=as_json or wording is not None)
    if wording is None:
        show_config(settings, output)
    else:
        show_wording(output, wording)


@app.command(name="run")
def run_in_telegram(faq: FaqOption = None) -> None:
    """Run the bot in Telegram until it is told to stop (SIGTERM, Ctrl-C)."""
    settings, _ = _begin(faq, as_json=False)
    from bot.running import run_bot  # noqa: PLC0415 - slow to import, and only needed here

    asyncio.run(run_bot(settings))


@app.command()
def health(faq: FaqOption = None, as_json: JsonOption = False) -> None:
    """Tell whether the bot is alive: status 0 if Telegram has answered it within a minute."""
    settings, output = _begin(faq, as_json=as_json)
    raise typer.Exit(show_health(settings, output))


def _begin(faq: Path | None, *, as_json: bool) -> tuple[Settings, Output]:
    settings = read_settings(os.environ, faq_path=faq)
    configure_logging(settings.log_level, settings.secrets, sys.stderr)
    output = Output(as_json=as_json)
    output.first_line(describe_embedder(settings))
    for sentence in settings.misspelt:
        output.aside(sentence)
    return settings, output

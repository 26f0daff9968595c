"""`faqbot new`: a FAQ to begin with."""

from importlib.resources import files
from pathlib import Path

from bot.cli.console import Output
from bot.errors import FaqbotError
from bot.faq.file_text import Write, write_files
from bot.faq.folder import FaqPathError, read_faq
from bot.settings import Settings

_NAMES = ("questions.md", "_questions.yaml", "small-talk.md")


class StartError(FaqbotError):
    """There is no place for a new FAQ."""


def start_faq(settings: Settings, output: Output, folder: Path | None) -> None:
    """Write a small FAQ, with notes that explain it, and questions to test it with.

    Raises:
        StartError: there is something already.
    """
    folder = folder or settings.faq_path
    _tell_taken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    starter = files("bot.cli") / "starter"
    write_files([Write(folder / name, None, (starter / name).read_bytes()) for name in _NAMES])
    is_usual = folder.resolve() == settings.faq_path.resolve()
    place = "" if is_usual else f" --faq {folder}"
    output.line(f"A small FAQ stands in {folder / 'questions.md'}: change it as you like.")
    output.line(f"Ask it something:  faqbot chat{place}")
    output.line(f"Test it:           faqbot eval {folder / '_questions.yaml'}{place}")


def _tell_taken(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise StartError(f"{folder} is a file: name a folder, as in faqbot new {folder.stem}-faq.")
    try:
        there = read_faq(folder).files if folder.exists() else ()
    except FaqPathError as error:
        raise StartError(str(error)) from None
    there = there or tuple(name for name in _NAMES if (folder / name).exists())
    if there:
        raise StartError(
            f"There is a FAQ in {folder} already ({there[0]}), and nothing was written: name "
            f"another folder, as in faqbot new {folder}-new."
        )

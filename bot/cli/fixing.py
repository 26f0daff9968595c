"""`faqbot check --fix`: mends what can be mended without asking."""

from bot.cli.console import Output
from bot.faq.file_text import write_files
from bot.faq.fixing import fix
from bot.settings import Settings


def fix_faq(settings: Settings, output: Output) -> None:
    """Mend the files of the FAQ, and tell what was done to each."""
    fixes = fix(settings.faq_path)
    write_files(fixes.writes)
    for file, done in fixes.done.items():
        output.line(f"{file}: {'; '.join(done)}.")
    for refusal in fixes.refusals:
        output.aside(refusal)
    if not fixes.done:
        output.line("There is nothing that can be mended without asking.")

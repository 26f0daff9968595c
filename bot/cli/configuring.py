"""`faqbot config`: the settings in effect."""

from pydantic import SecretStr
from rich.table import Table

from bot.app import bands_in_effect, describe_embedder
from bot.cli.console import Output
from bot.errors import FaqbotError
from bot.faq.names import language_code
from bot.matching.deciding import TIMES_OFF_TOPIC
from bot.settings import Precision, Settings, masked_url, variables
from bot.wording.catalogue import shipped
from bot.wording.wording_file import template


def show_config(settings: Settings, output: Output) -> None:
    """Print the settings in effect, and what leaves this machine."""
    values = {variable.name: _shown(settings, field) for field, variable in variables()}
    leaves = _what_leaves(settings)
    table = Table(box=None, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in values.items():
        table.add_row(name, value or "(unset)")
    output.show(table)
    threshold = bands_in_effect(settings).answer
    output.line(f"\n{_what_counts(settings, threshold)}")
    output.line(f"The index is kept in {settings.index_path}.")
    output.line(f"What leaves this machine: {leaves}")
    output.json(
        {
            "settings": values,
            "embedder": describe_embedder(settings),
            "threshold_in_effect": threshold,
            "index": str(settings.index_path),
            "leaves_this_machine": leaves,
        }
    )


def show_wording(output: Output, language: str) -> None:
    """Print all that the bot says in a language, as a file to change.

    Raises:
        FaqbotError: there is no such language.
    """
    tag = language_code(language)
    if not tag:
        raise FaqbotError(f'"{language}" is no language: write its code, such as de or pt-BR.')
    output.text(template(tag.lower(), {it.language: it for it in shipped()}))


def _shown(settings: Settings, field: str) -> str | None:
    value = getattr(settings, field)
    if value is None:
        return "auto" if field == "threshold" else None
    if isinstance(value, Precision):
        return f"precision:{value.wanted:g}"
    if isinstance(value, SecretStr):
        return "***"
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value))) or None
    return masked_url(str(value))


def _what_counts(settings: Settings, threshold: float) -> str:
    if settings.scoring == "cosine":
        return f"An entry answers from a similarity of {threshold:g} on."
    share = f"if {settings.off_topic_share:.0%} of all questions are off the FAQ's topics"
    if settings.threshold is None:
        return (
            f"An entry answers where it is at least {TIMES_OFF_TOPIC:g} times as likely right as "
            f"that nothing in the FAQ answers, {share}."
        )
    return (
        f"An entry answers where it is right with a probability of {threshold:g} or more, {share}."
    )


def _what_leaves(settings: Settings) -> str:
    if not settings.uses_openai:
        return "nothing. Questions are understood by a model on this machine."
    return (
        f"the text of each question, of each phrasing in the FAQ and of the first sentences of "
        f"its answers, to {masked_url(settings.openai_base_url)}. Who asks is not sent."
    )

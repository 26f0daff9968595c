"""`faqbot config`: the settings in effect."""

from pydantic import SecretStr
from rich.table import Table

from bot.app import describe_embedder, threshold_in_effect
from bot.cli.console import Output
from bot.settings import Settings, masked_url, variables


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
    output.line(f"\nAn entry answers from a similarity of {threshold_in_effect(settings):g} on.")
    output.line(f"The index is kept in {settings.index_path}.")
    output.line(f"What leaves this machine: {leaves}")
    output.json(
        {
            "settings": values,
            "embedder": describe_embedder(settings),
            "threshold_in_effect": threshold_in_effect(settings),
            "index": str(settings.index_path),
            "leaves_this_machine": leaves,
        }
    )


def _shown(settings: Settings, field: str) -> str | None:
    value = getattr(settings, field)
    if value is None:
        return "auto" if field == "threshold" else None
    if isinstance(value, SecretStr):
        return "***"
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value))) or None
    return masked_url(str(value))


def _what_leaves(settings: Settings) -> str:
    if not settings.uses_openai:
        return "nothing. Questions are understood by a model on this machine."
    return (
        f"the text of each question and of each phrasing in the FAQ, to "
        f"{masked_url(settings.openai_base_url)}. Answers are not sent, nor who asks."
    )

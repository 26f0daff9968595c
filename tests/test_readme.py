"""The README and the FAQ tell of everything that there is."""

from pathlib import Path

import pytest
import typer.main

from bot.cli.commands import app
from bot.environment import read_settings
from bot.faq.folder import read_faq
from bot.faq.markdown_format import parse_markdown
from bot.settings import Settings, variables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def _commands() -> dict[str, list[str]]:
    group = typer.main.get_command(app)
    commands: dict[str, typer.core.TyperCommand] = group.commands  # type: ignore[attr-defined]
    return {
        name: [option for parameter in command.params for option in parameter.opts]
        for name, command in commands.items()
    }


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_documented(command: str) -> None:
    """Each command has a row in the README's table."""
    assert f"| `faqbot {command}" in README


@pytest.mark.parametrize(
    "option", sorted({it for all_ in _commands().values() for it in all_ if it[:2] == "--"})
)
def test_every_option_is_documented(option: str) -> None:
    """Each option is explained in the README."""
    assert f"`{option}" in README


@pytest.mark.parametrize(("field", "name"), [(field, it.name) for field, it in variables()])
def test_every_setting_is_documented_with_its_default(field: str, name: str) -> None:
    """Each setting has a row in the README's table, with the default that it really has."""
    (row,) = (line for line in README.split("\n") if line.startswith(f"| `{name}`"))
    default = Settings.model_fields[field].default
    if field == "threshold":
        default = "auto"
    elif field == "admins":
        default = None
    elif isinstance(default, float):
        default = f"{default:g}"

    assert row.split("|")[2].strip() == ("" if default is None else f"`{default}`")


def test_every_field_is_a_setting_or_derived() -> None:
    """No setting escapes the documentation for want of a description."""
    derived = {"index_path", "github_workspace", "misspelt"}

    assert set(Settings.model_fields) == {field for field, _ in variables()} | derived


def test_the_readme_names_nothing_that_is_not_there(tmp_path: Path) -> None:
    """Each FAQBOT_ variable that the README or the FAQ speaks of is a real one."""
    texts = [README, *(file.read_text() for file in (ROOT / "faq").rglob("*.md"))]
    names = {
        word
        for text in texts
        for word in text.replace("=", " ").replace("`", " ").replace("\n", " ").split(" ")
        if word.startswith("FAQBOT_") and word.isidentifier()
    }

    assert read_settings(dict.fromkeys(names, ""), tmp_path / ".env").misspelt == ()


def test_the_first_picture_is_true() -> None:
    """What the README shows of a chat is what the shipped FAQ gives."""
    entries = read_faq(ROOT / "faq").entries
    phrasings = sum(len(entry.questions) for entry in entries)
    shown = " ".join(README.split())

    assert f"{len(entries)} answers to {phrasings} phrasings from faq." in shown
    assert any(" ".join(entry.answer.split()) in shown for entry in entries)


def test_the_example_in_the_readme_is_read_without_a_problem() -> None:
    """What the README shows an admin to write is right."""
    example = README.split("```markdown\n")[1].split("```")[0]
    parsed = parse_markdown(example, "readme.md")

    assert parsed.problems == []
    assert [it.id for it in parsed.drafts] == ["delivery-time"]
    assert len(parsed.drafts[0].questions) == 3

"""Keep the catalogues of the bot's words in step with the code.

`python -m tests.catalogues` adds what is new to every catalogue, to be translated there, and takes
out what the bot does not say any more.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import polib

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "bot" / "wording" / "locales"
_TEXTS = {"say": 1, "say_number": 2}  # how many each method is given

Key: TypeAlias = tuple[str, str]
"""A text, and its plural or nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text that the code says."""

    key: Key
    place: str


def said() -> Iterator[Said]:
    """Give every text that is said anywhere in the code."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                texts = [_constant(it, path) for it in node.args[: _TEXTS.get(node.func.attr, 0)]]
                if texts:
                    key = (texts[0], texts[1] if len(texts) > 1 else "")
                    yield Said(key, f"{path.relative_to(ROOT)}:{node.lineno}")


def _constant(node: ast.expr, path: Path) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise TypeError(f"{path}:{node.lineno}: what is said must stand there as a plain text")


def catalogues() -> dict[str, polib.POFile]:
    """Give all catalogues by language."""
    return {path.stem: polib.pofile(path) for path in sorted(LOCALES.glob("*.po"))}


def main() -> int:
    """Bring all catalogues up to date."""
    keys = list(dict.fromkeys(it.key for it in said()))
    for catalogue in catalogues().values():
        before = {(it.msgid, it.msgid_plural): it for it in catalogue}
        catalogue[:] = [before.get(key) or _untranslated(key, catalogue) for key in keys]
        catalogue.save()
    return 0


def _untranslated(key: Key, catalogue: polib.POFile) -> polib.POEntry:
    one, many = key
    if not many:
        return polib.POEntry(msgid=one)
    rule = catalogue.metadata["Plural-Forms"]
    forms = int(rule.split(";")[0].split("=")[1])
    return polib.POEntry(
        msgid=one, msgid_plural=many, msgstr_plural=dict.fromkeys(range(forms), "")
    )


if __name__ == "__main__":
    sys.exit(main())

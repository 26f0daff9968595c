"""What the names in an entry mean, and in which language, whatever names its author had for it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.faq.names import Role, fold, language_code, role_of
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree

# Ends of column names that are languages, too, but only where there is an answer in them.
_NUMBERS_AND_IDS = frozenset(("no", "id"))
_INSTEAD = {"question": "also", "answer": "answer"}


class Part(NamedTuple):
    """One value of an entry, with the name that it was given."""

    role: Role
    value: Tree
    line: int
    name: str


def parts_of(fields: Fields) -> list[Part]:
    """Give what is understood of a mapping, with the languages out of it."""
    parts: list[Part] = []
    for name, value in fields.values.items():
        role, line = role_of(name), fields.lines[name]
        if role and role.key == "translations":
            parts += translated(value)
        elif isinstance(value, Fields) and (by_language := _by_language(value)):
            if role:
                parts += [
                    Part(Role(role.key, language), it, value.lines[key], name)
                    for key, (language, it) in by_language.items()
                ]
        elif isinstance(value, Fields) and not role and (language := language_code(name)):
            parts += _in_language(value, language, name)
        elif role:
            parts.append(Part(role, value, line, name))
    return parts


def _by_language(fields: Fields) -> Mapping[str, tuple[str, Tree]] | None:
    """Give a mapping's values with their languages, if its keys are all languages."""
    languages = {key: language_code(key) for key in fields.values}
    if not all(languages.values()) or "id" in languages:
        return None
    return {key: (languages[key] or "", value) for key, value in fields.values.items()}


def _in_language(fields: Fields, language: str, name: str) -> list[Part]:
    return [
        Part(Role(part.role.key, language), part.value, part.line, name)
        for part in parts_of(fields)
        if part.role.key not in {"language", "id"}
    ]


def translated(tree: Tree) -> list[Part]:
    """Give what stands below `translations`: a mapping by language, or a list that tells it."""
    parts: list[Part] = []
    if isinstance(tree, Fields):
        for name, value in tree.values.items():
            language = language_code(name) or name
            if isinstance(value, Fields):
                parts += _in_language(value, language, name)
    elif isinstance(tree, Items):
        for item in tree.values:
            said = item.values.get("language") if isinstance(item, Fields) else None
            if isinstance(item, Fields) and isinstance(said, Scalar) and said.text:
                parts += _in_language(item, language_code(said.text) or said.text, "translations")
    return parts


def settled(parts: Sequence[Part]) -> list[Part]:
    """Decide what names mean that may mean several things."""
    answered = {part.role.language for part in parts if part.role.key.startswith("answer")}
    roles = {part.role for part in parts}
    keys = {role.key for role in roles}
    ids = [part for part in parts if part.role.key == "id" and fold(part.name).startswith("quest")]
    settled: list[Part] = []
    taken: dict[str, str] = {}
    for part in parts:
        key, language = part.role
        if part in ids and "id" in answered and "question" in keys and None not in answered:
            key, language = "question", "id"  # Indonesian, as the answer beside it
        if key.endswith("?"):
            plain = key.rstrip("?")
            known = {Role(it, at) for it in (plain, _INSTEAD[plain]) for at in (None, language)}
            if roles & known:
                continue
            # One of them is the one: a mapping may have a name, a title and a summary.
            if taken.setdefault(plain, _base(part)) != _base(part):
                continue
            key = plain
        if language in _NUMBERS_AND_IDS and language not in answered:
            continue
        settled.append(part._replace(role=Role(key, language)))
    return settled


def _base(part: Part) -> str:
    return fold(part.name) if part.role.language is None else part.role.key

"""Rasa projects: the examples of an intent ask, the response of the same name answers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.faq.draft import Parsed
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree, YamlError, parse_yaml
from bot.importing.decoding import decode
from bot.importing.inline_markdown import link

MAX_FILES = 500
MAX_FILE_BYTES = 5_000_000
_ENDINGS = (".yml", ".yaml", ".md")
# [text](entity), [text](entity:value), [text]{"entity": "...", ...}
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_EXAMPLE = re.compile(r"\s*[-*+]\s+(.*)")
_OLD_INTENT = re.compile(r"##\s*intent:\s*(\S+)\s*")
_OLD_RESPONSE = re.compile(r"\*\s*(\S+/\S+)\s*")
_TALK = frozenset(
    (
        "greet",
        "goodbye",
        "bye",
        "affirm",
        "deny",
        "thank",
        "thanks",
        "out_of_scope",
        "bot_challenge",
    )
)


@dataclass(slots=True)
class _Intent:
    """What people say for one intent."""

    line: int
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Project:
    """What was found in all files."""

    intents: dict[str, _Intent] = field(default_factory=dict)
    responses: dict[str, str] = field(default_factory=dict)


def is_rasa(text: str) -> bool:
    """Tell whether a text is a file of Rasa's."""
    return bool(
        re.search(r"(?m)^(?:nlu|responses|templates|intents):\s*(?:#.*)?$", text)
        or re.search(r"(?m)^##\s*intent:\s*\S", text)
    )


def find_files(path: Path) -> list[Path]:
    """Give the files of a project: those of a folder, or those beside and below one file."""
    root = path if path.is_dir() else path.parent
    places = [root]
    if root.name in {"data", "nlu", "domain"}:
        places.append(root.parent)  # nlu.yml lies in data/, domain.yml beside that folder
    found = [
        it
        for place in places
        for pattern in ("*", "data/*", "data/*/*", "domain/*")
        for it in sorted(place.glob(pattern))
    ]
    files = [it for it in dict.fromkeys(found) if it.suffix.lower() in _ENDINGS and it.is_file()]
    return (
        [path, *(it for it in files if it != path)][:MAX_FILES]
        if path.is_file()
        else files[:MAX_FILES]
    )


def parse_project(path: Path) -> Parsed:
    """Parse a project, given its folder or one of its files.

    Raises:
        OSError: a file cannot be read.
    """
    parsed = Parsed(path.name)
    project = _Project()
    for file in find_files(path):
        if file.stat().st_size > MAX_FILE_BYTES:
            continue
        text, _ = decode(file.read_bytes())
        if file.suffix.lower() == ".md" or is_rasa(text):
            _read(text, file, project, parsed, is_asked=file == path)
    _add_all(project, parsed)
    return parsed


def _read(text: str, file: Path, project: _Project, into: Parsed, *, is_asked: bool) -> None:
    if file.suffix.lower() == ".md":
        _read_old(text, project)
        return
    try:
        tree = parse_yaml(text)
    except YamlError as error:
        line = error.line if is_asked else 1
        into.unreadable(line, f"{file.name}, line {error.line}: {error.what}", error.mend)
        return
    if isinstance(tree, Fields):
        for item in _items(tree.values.get("nlu")):
            _read_intent(item, project)
        for key in ("responses", "templates"):
            responses = tree.values.get(key)
            if isinstance(responses, Fields):
                for name, variants in responses.values.items():
                    project.responses.setdefault(name, _response(variants))


def _read_intent(item: Tree, project: _Project) -> None:
    if not isinstance(item, Fields):
        return
    name, examples = item.values.get("intent"), item.values.get("examples")
    if not isinstance(name, Scalar) or examples is None:
        return
    intent = project.intents.setdefault(name.text.strip(), _Intent(name.line))
    if isinstance(examples, Scalar):
        intent.examples += _examples(examples.text.split("\n"))
    for example in _items(examples):
        text = example.values.get("text") if isinstance(example, Fields) else example
        if isinstance(text, Scalar):
            intent.examples += _examples([f"- {line}" for line in text.text.split("\n") if line])


def _read_old(text: str, project: _Project) -> None:
    """Read the Markdown that Rasa 1 used for examples and for responses of retrieval intents."""
    intent: _Intent | None = None
    response: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _OLD_INTENT.fullmatch(line):
            intent, response = project.intents.setdefault(match[1], _Intent(number)), None
        elif line.startswith("##"):
            intent = response = None
        elif match := _OLD_RESPONSE.fullmatch(line):
            intent, response = None, f"utter_{match[1]}"
        elif intent:
            intent.examples += _examples([line])
        elif response and (match := _EXAMPLE.fullmatch(line)):
            project.responses.setdefault(response, match[1].replace("\\n", "\n"))


def _examples(lines: Iterable[str]) -> Iterator[str]:
    matches = (_EXAMPLE.fullmatch(line) for line in lines)
    return (_ENTITY.sub(r"\1", match[1]).strip() for match in matches if match)


def _response(variants: Tree) -> str:
    """Give the first variant: faqbot has one answer, and they say the same."""
    for variant in _items(variants):
        if isinstance(variant, Scalar):
            return variant.text
        if isinstance(variant, Fields):
            text, image = variant.values.get("text"), variant.values.get("image")
            parts = [text.text.strip()] if isinstance(text, Scalar) else []
            parts += (
                [link("", image.text.strip(), is_image=True)] if isinstance(image, Scalar) else []
            )
            if any(parts):
                return "\n\n".join(parts)
    return ""


def _add_all(project: _Project, into: Parsed) -> None:
    unanswered = []
    for name, intent in project.intents.items():
        group, _, sub = name.rpartition("/")
        answers = (
            project.responses.get(f"utter_{it}") for it in (name, name.replace("/", "_"), sub)
        )
        answer = next(filter(None, answers), "")
        if answer and intent.examples:
            into.add(intent.line, intent.examples, answer, id=sub or name, topic=_title(group))
        elif intent.examples and (group or sub not in _TALK):
            unanswered.append(name)
    if unanswered:
        into.warning(
            project.intents[unanswered[0]].line,
            f"{len(unanswered)} intents have no response of their name and were left out: "
            f"{', '.join(unanswered[:5])}{', …' if unanswered[5:] else ''}.",
            "If they are questions, give each a response `utter_` with the intent's name in the "
            "domain, or write their answers into the FAQ by hand.",
        )
    if not project.intents:
        into.error(
            1,
            "No intents with examples were found.",
            "Name the project's folder, or a file that lies beside both nlu.yml and domain.yml.",
        )


def _title(group: str) -> str | None:
    return None if group.lower() in {"", "faq", "faqs"} else group.replace("_", " ")


def _items(tree: Tree | None) -> tuple[Tree, ...]:
    return tree.values if isinstance(tree, Items) else ()

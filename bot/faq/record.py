"""An entry as a mapping or a row whose author had own names for things.

Whatever the format, it comes as `Fields`. Names are understood by `names.py`; one entry may hold
several languages, in columns (`question_en`, `answer_fr`), in mappings (`question: {en: …}`,
`de: {question: …}`) or below `translations`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.faq.draft import Parsed
from bot.faq.html_text import html_to_markdown, is_html
from bot.faq.names import fold, language_code, role_of
from bot.faq.properties import Properties, read_properties, read_text, read_texts
from bot.faq.record_parts import Part, parts_of, settled, translated
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree
from bot.model import Translation

_NO = frozenset(map(fold, ("no", "n", "false", "0", "off", "nein", "non", "нет", "disabled")))
# Bots pick one of these at random; the others are no further paragraphs.
_CHOICES = frozenset(("responses", "replies"))
_TEXT_OF_ANSWER = ("answer", "answer?")
_VERSIONED = ("question", "also", "answer", "enabled")
_NO_PROPERTIES = Properties()


class Kind(Enum):
    """What a mapping seems to be, by its names alone."""

    ENTRY = "entry"
    """It has a question and an answer, one of them by a name that means nothing else."""
    FAULTY = "faulty"
    """It has one of the two by such a name, and not the other."""
    VAGUE = "vague"
    """It has both, by names that may mean anything, such as title and text."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of an entry from where it stands."""

    mend: str
    """How to write an entry, a whole sentence."""
    defaults: Properties = _NO_PROPERTIES
    """What holds for all entries around it, its topic included."""
    title: str | None = None
    """The topic of what has no other."""
    id: str | None = None
    question: str | None = None


def kind_of(fields: Fields) -> Kind:
    """Tell what a mapping seems to be."""
    keys = {part.role.key for part in parts_of(fields) if _says_something(part)}
    certain = keys & {"question", "answer"}
    asks, answers = keys & {"question", "also", "question?"}, keys & {"answer", "answer?"}
    if asks and answers:
        return Kind.ENTRY if certain else Kind.VAGUE
    return Kind.FAULTY if certain else Kind.OTHER


def unknown_names(fields: Fields, known: Collection[str] = ()) -> Iterator[str]:
    """Give the names that mean nothing here, those left out that are for other programs."""
    understood = {part.name for part in parts_of(fields)}
    for name in fields.values:
        if name not in understood and name not in known and not name.startswith(("@", "$", "_")):
            yield name


def title_of(fields: Fields) -> str | None:
    """Give what a mapping that holds entries calls them."""
    for keys in (("topic",), ("question?",)):
        for part in parts_of(fields):
            if part.role.key in keys and isinstance(part.value, Scalar) and part.value.text.strip():
                return part.value.text
    return None


def shared_properties(fields: Fields, into: Parsed) -> Properties:
    """Read what a mapping says of all entries in it; its own topic is `title_of`."""
    values = {part.role.key: part for part in reversed(parts_of(fields))}
    single = {key: part for key, part in values.items() if isinstance(part.value, Scalar)}
    shared = ("language", "audience", "threshold", "valid_from", "valid_until")
    return read_properties(_fields(fields, [single[key] for key in shared if key in single]), into)


def add_record(fields: Fields, context: Context, into: Parsed) -> None:
    """Add the entry that a mapping or a row holds."""
    every = parts_of(fields)
    parts = settled([part for part in every if _says_something(part)])
    if _is_disabled(parts):
        return
    for part in every:
        if part.role.key == "answer" and not _says_something(part):
            read_text(_fields(fields, [part]), "answer", into)  # tells what is wrong with it
    _tell_lost_translations(fields, into)
    first = {part.role.key: part for part in reversed(parts)}
    others = [part for key, part in first.items() if key not in _VERSIONED]
    properties = read_properties(_fields(fields, others), into).over(context.defaults)
    versions = _versions(fields, parts, into)
    own = _own_language(versions, properties.language)
    main = versions.get(own, _Version((), "", fields.line))
    unanswered = [it for key, it in versions.items() if key != own and not it.answer]
    questions = [*main.questions, *(text for it in unanswered for text in it.questions)]
    if not questions:
        asked = (it.questions for it in versions.values())
        questions = [*next((it for it in asked if it), ())]
    questions = questions or [text for text in (context.question,) if text]
    if not questions:
        into.error(fields.line, "This entry has no question.", context.mend)
        return
    language = language_code(properties.language or "") or properties.language or own
    translations = _translations(versions, {own, language}, questions, into)
    details = properties.details
    if translations:
        details = replace(details, translations=translations)
    into.add(
        fields.line,
        questions,
        main.answer,
        id=properties.id or context.id,
        topic=properties.topic or context.title,
        language=language,
        details=details,
    )


@dataclass(frozen=True, slots=True)
class _Version:
    """An entry in one language."""

    questions: Sequence[str]
    answer: str
    line: int


def _tell_lost_translations(fields: Fields, into: Parsed) -> None:
    for name, value in fields.values.items():
        role = role_of(name)
        is_empty = isinstance(value, Scalar) and not value.text
        if role and role.key == "translations" and not is_empty and not translated(value):
            into.error(
                fields.lines[name],
                f'No translation can be read from "{name}".',
                "Write each language on a line of its own, such as `de:`, and below it, indented, "
                "its `question` and its `answer`.",
            )


def _says_something(part: Part) -> bool:
    """Tell whether this is a value of an entry, not a list of entries with a name like one."""
    key, value = part.role.key.rstrip("?"), part.value
    if isinstance(value, Scalar):
        return True
    if isinstance(value, Items):
        is_text = not any(isinstance(item, Fields) for item in value.values)
        return is_text or (key == "answer" and all(map(_is_answer, value.values)))
    return key == "answer" and _is_answer(value)


def _is_answer(tree: Tree) -> bool:
    """Tell whether this is an answer as schema.org has it: a mapping with the text in it."""
    return isinstance(tree, Fields) and kind_of(tree) is Kind.OTHER and bool(_inner(tree))


def _inner(fields: Fields) -> str | None:
    for name, value in fields.values.items():
        role = role_of(name)
        if role and role.key in _TEXT_OF_ANSWER and isinstance(value, Scalar):
            return value.text
    return None


def _is_disabled(parts: Sequence[Part]) -> bool:
    return any(
        part.role.key == "enabled"
        and isinstance(part.value, Scalar)
        and fold(part.value.text) in _NO
        for part in parts
    )


def _versions(fields: Fields, parts: Sequence[Part], into: Parsed) -> dict[str | None, _Version]:
    """Give the entry in each of its languages; None is the one that has not been said."""
    by_language: dict[str | None, list[Part]] = {}
    for part in parts:
        if part.role.key in _VERSIONED:
            by_language.setdefault(part.role.language, []).append(part)
    versions = {}
    for language, of_language in by_language.items():
        texts: dict[str, list[str]] = {key: [] for key in _VERSIONED}
        for part in of_language:
            one = _fields(fields, [part])
            key = part.role.key
            if key == "answer":
                answer = _answer(part, one, into)
                texts[key] += [answer] if answer else []
            else:
                texts[key] += read_texts(one, key, into)
        versions[language] = _Version(
            [*texts["question"], *texts["also"]],
            "\n\n".join(texts["answer"]),
            of_language[0].line,
        )
    return versions


def _answer(part: Part, fields: Fields, into: Parsed) -> str | None:
    value = part.value
    if isinstance(value, Items) and value.values and isinstance(value.values[0], Fields):
        value = value.values[0]  # schema.org: the accepted answer stands first
    if isinstance(value, Fields):
        return html_to_markdown(_inner(value) or "")
    if isinstance(value, Items):
        texts = read_texts(fields, "answer", into)
        return "\n\n".join(texts[:1] if fold(part.name) in _CHOICES else texts)
    text = read_text(fields, "answer", into)
    return html_to_markdown(text) if text and is_html(text) else text


def _own_language(versions: Mapping[str | None, _Version], language: str | None) -> str | None:
    """Tell which version is the entry's own: that of no language, else the first with an answer."""
    if None in versions and versions[None].answer:
        return None
    answered = [key for key, it in versions.items() if it.answer]
    said = language_code(language or "")
    if said in answered:
        return said
    return answered[0] if answered else next(iter(versions), None)


def _translations(
    versions: Mapping[str | None, _Version],
    own: Collection[str | None],
    questions: Sequence[str],
    into: Parsed,
) -> tuple[Translation, ...]:
    found = (
        into.translation(it.line, language, it.questions or questions, it.answer)
        for language, it in versions.items()
        if language and language not in own and it.answer
    )
    return tuple(sorted((it for it in found if it), key=lambda it: it.language))


def _fields(fields: Fields, parts: Sequence[Part]) -> Fields:
    """Give parts under the properties' own names."""
    return Fields(
        fields.line,
        {part.role.key: part.value for part in parts},
        {part.role.key: part.line for part in parts},
    )

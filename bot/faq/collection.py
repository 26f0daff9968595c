"""Where in a YAML or JSON file the entries are.

Our own form is a list of entries, alone or as `entries:` beside defaults for the whole file. Files
made for websites and other bots hold them in many other ways: below another name, in sections with
a name of their own (as Microsoft's FAQs have them), by language, by id, or as a mapping from each
question to its answer. Whatever holds a question and an answer is found.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.faq.draft import Parsed
from bot.faq.names import fold, language_code
from bot.faq.properties import COMMENT_KEYS, DEFAULTS
from bot.faq.record import (
    Context,
    Kind,
    add_record,
    kind_of,
    shared_properties,
    title_of,
    unknown_names,
)
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree

ENTRY_KEYS = ("question", "questions", "answer", *COMMENT_KEYS, "translations")
"""What an entry of our own form may hold."""

_OWN = "entries"
_LISTS = frozenset((_OWN, "faqs", "faq", "questions", "items", "data"))
"""Names of the list at which each item that is no entry is a slip."""

_SECTIONS = "sections list children accordion intents mainentity graph rows records results"
_STRUCTURAL = _LISTS | frozenset(_SECTIONS.split())
"""Names of lists that say what they are, and not what the questions in them are about."""

_ABOUT_FAQS = re.compile(r"faq|question|q&a|qna|\bqa\b|frage|pregunta|вопрос", re.IGNORECASE)
_QUESTION_END = re.compile("[?\uff1f\u061f;]\\s*\\Z")  # also of wide, Arabic and Greek writing
_WORDS_OF_A_QUESTION = 3


def read_collection(tree: Tree, into: Parsed, mend: str) -> None:
    """Add the entries of a file.

    Args:
        tree: all that the file holds.
        into: what was read so far.
        mend: how to write an entry, a whole sentence for the author.
    """
    reader = _Reader(into, mend, is_about_faqs=bool(_ABOUT_FAQS.search(into.file)))
    reader.read(tree)


@dataclass(slots=True)
class _Reader:
    into: Parsed
    mend: str
    is_about_faqs: bool
    """Whether the file's name says so: then `title` and `text` will do for names, too."""
    told: set[str] = field(default_factory=set)

    def read(self, tree: Tree) -> None:
        context = Context(self.mend)
        own = tree.values.get(_OWN) if isinstance(tree, Fields) else tree
        if isinstance(own, Items) and (self._holds(own) or own is not tree or not own.values):
            if isinstance(tree, Fields):
                context = self._around(tree, context)
                topic = tree.values.get("topic")
                if isinstance(topic, Scalar):
                    context = _with_topic(context, topic.text)
                self._tell_unknown(tree, (_OWN, *DEFAULTS))
            self._read_items(own, context, is_own=True)
        elif own is not None and own is not tree:
            self.into.unreadable(own.line, "This file holds no list of entries.", self.mend)
        elif isinstance(tree, Fields) and self._holds(tree):
            self._read_root(tree, context)
        elif not (isinstance(tree, Fields) and not tree.values):
            self.into.not_faq(
                tree.line,
                "This file holds no list of entries.",
                f"{self.mend} If it is no FAQ, begin its name with an underscore.",
            )

    def _read_root(self, tree: Fields, context: Context) -> None:
        """Read a file of another form than ours; its title is a topic only for want of another."""
        if kind_of(tree) is Kind.ENTRY or _is_dictionary(tree):
            self._read_fields(tree, context)
        else:
            around = replace(self._around(tree, context), title=title_of(tree))
            self._read_inside(tree, around, is_named=True)

    def _read_items(self, items: Items, context: Context, *, is_own: bool = False) -> None:
        for item in items.values:
            if not isinstance(item, Fields):
                if is_own:
                    self.into.error(item.line, "This is not an entry.", self.mend)
                elif isinstance(item, Items) and self._holds(item):
                    self._read_items(item, context)
            elif self._is_entry(item) and not self._is_group(item):
                if is_own:
                    self._tell_unknown(item)
                add_record(item, context, self.into)
            elif any(self._holds(value) for value in item.values.values()):
                self._read_fields(item, context)
            elif is_own:
                self._tell_unknown(item)
                self.into.error(item.line, "This entry has no question.", self.mend)

    def _read_fields(self, fields: Fields, context: Context) -> None:
        """Read a mapping that is an entry itself, or holds some."""
        if kind_of(fields) is Kind.ENTRY:
            add_record(fields, context, self.into)
            return
        if _is_dictionary(fields):
            self._read_dictionary(fields, context)
            return
        title = title_of(fields)
        inside = _with_topic(self._around(fields, context), title)
        self._read_inside(fields, inside, is_named=title is not None)

    def _read_inside(self, fields: Fields, context: Context, *, is_named: bool) -> None:
        holding = [(name, value) for name, value in fields.values.items() if self._holds(value)]
        for name, value in holding:
            named = context if is_named and len(holding) == 1 else _named(context, name)
            if isinstance(value, Items):
                self._read_items(value, named, is_own=fold(name) in _LISTS)
            elif isinstance(value, Fields) and kind_of(value) in {Kind.ENTRY, Kind.FAULTY}:
                self._read_named(name, value, context)
            elif isinstance(value, Fields):
                self._read_fields(value, named)

    def _read_named(self, name: str, fields: Fields, context: Context) -> None:
        """Read an entry whose name is its id, or its question."""
        if _is_question(name):
            context = replace(context, question=name)
        elif fold(name) not in _STRUCTURAL:
            context = replace(context, id=name)
        add_record(fields, context, self.into)

    def _read_dictionary(self, fields: Fields, context: Context) -> None:
        for question, answer in fields.values.items():
            if isinstance(answer, Scalar):
                self.into.add(
                    fields.lines[question],
                    [question],
                    answer.text,
                    topic=context.defaults.topic or context.title,
                    language=context.defaults.language,
                    details=context.defaults.details,
                )

    def _around(self, fields: Fields, context: Context) -> Context:
        defaults = shared_properties(fields, self.into).over(context.defaults)
        return replace(context, defaults=defaults)

    def _is_entry(self, fields: Fields) -> bool:
        kind = kind_of(fields)
        if kind is Kind.VAGUE:
            return self.is_about_faqs
        return kind in {Kind.ENTRY, Kind.FAULTY}

    def _is_group(self, fields: Fields) -> bool:
        """Tell whether what has a title and a text has questions of its own in it."""
        return kind_of(fields) is Kind.VAGUE and any(map(self._holds, fields.values.values()))

    def _holds(self, tree: Tree) -> bool:
        """Tell whether there is anything here that seems to be of a FAQ."""
        return any(
            kind_of(it) is Kind.ENTRY
            or (is_item and self._is_entry(it))
            or _is_faulty(it)
            or _is_dictionary(it)
            for it, is_item in _mappings(tree)
        )

    def _tell_unknown(self, fields: Fields, known: tuple[str, ...] = ENTRY_KEYS) -> None:
        """Warn of names that mean nothing here, most of them slips; of each once."""
        for name in unknown_names(fields, known):
            if name not in self.told:
                self.told.add(name)
                near = difflib.get_close_matches(name.lower(), known, n=1)
                self.into.warning(
                    fields.lines[name],
                    f'"{name}" is not a property, so it has no effect.',
                    f"Did you mean `{near[0]}`?" if near else f"Known are: {', '.join(known)}.",
                )


def _mappings(tree: Tree, *, is_item: bool = False) -> Iterator[tuple[Fields, bool]]:
    """Give all mappings in a tree, each with whether it is an item of a list."""
    if isinstance(tree, Fields):
        yield tree, is_item
        for value in tree.values.values():
            yield from _mappings(value)
    elif isinstance(tree, Items):
        for item in tree.values:
            yield from _mappings(item, is_item=True)


def _is_faulty(fields: Fields) -> bool:
    """Tell whether this is an entry of ours that lacks something, and not of another program."""
    return any(name in {"question", "answer"} for name in fields.values) and (
        kind_of(fields) is Kind.FAULTY
    )


def _is_dictionary(fields: Fields) -> bool:
    """Tell whether this maps questions to their answers."""
    answered = [name for name, value in fields.values.items() if isinstance(value, Scalar)]
    asking = sum(map(_is_question, answered))
    return asking > 0 and asking * 2 >= len(fields.values)


def _is_question(text: str) -> bool:
    return bool(_QUESTION_END.search(text)) or len(text.split()) >= _WORDS_OF_A_QUESTION


def _named(context: Context, name: str) -> Context:
    """Take the name of a list for its language or its topic, where it says one of these."""
    language = language_code(name)
    if language:
        return replace(context, defaults=replace(context.defaults, language=language))
    return context if fold(name) in _STRUCTURAL else _with_topic(context, name)


def _with_topic(context: Context, topic: str | None) -> Context:
    if not topic or not topic.strip():
        return context
    above = context.defaults.topic
    joined = f"{above} / {topic.strip()}" if above else topic.strip()
    return replace(context, defaults=replace(context.defaults, topic=joined))

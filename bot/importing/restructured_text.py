"""reStructuredText: section titles, definition lists, rubrics or bold lines ask."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Parser

from bot.faq.draft import Parsed
from bot.importing.decoding import decode
from bot.importing.markdown_builder import MarkdownBuilder
from bot.importing.outline import Heading, Item, Pair, Text, asks, is_spoken_question, read_outline
from bot.importing.rst_dialect import PAIR, DialectInliner, know_directives
from bot.importing.rst_markdown import feed

_MAX_CHARACTERS = 1_000_000
_MAX_LINE = 50_000
_DEEPEST = 6
_LONGEST_QUESTION = 300
_SPOKEN = re.compile(r"Q|Question|Frage", re.IGNORECASE)
_SETTINGS = {
    "_disable_config": True,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,
    "line_length_limit": _MAX_LINE,
    "smart_quotes": False,
    "syntax_highlight": "none",
    "warning_stream": False,
}


def parse(data: bytes, file: str) -> Parsed:
    """Parse a reStructuredText document."""
    parsed = Parsed(file)
    text, _ = decode(data)
    if len(text) > _MAX_CHARACTERS or max(map(len, text.split("\n"))) > _MAX_LINE:
        parsed.unreadable(
            1,
            f"The file has more than {_MAX_CHARACTERS:,} characters, or more than {_MAX_LINE:,} in "
            "one line.",
            "Split it into several files, and its lines into several lines.",
        )
        return parsed
    try:
        items = _read(text)
    except RecursionError:
        parsed.unreadable(
            1,
            "What is in this file is nested too deeply.",
            "Look for lists and quotes within each other that are not meant so.",
        )
    except Exception as error:  # noqa: BLE001 - docutils fails in many ways for what is not meant as text
        parsed.unreadable(
            1,
            f"This is no reStructuredText that can be read ({type(error).__name__}).",
            "Check the file with the tool that makes your documentation of it.",
        )
    else:
        read_outline(items, parsed, keeps_all_sections=True)
    return parsed


def _read(text: str) -> list[Item]:
    know_directives(text)
    document = publish_doctree(
        text, parser=Parser(inliner=DialectInliner()), settings_overrides=_SETTINGS
    )
    return list(_Reader(document).items(document, 1, 1))


class _Reader:
    """Goes through a document in its order."""

    def __init__(self, document: nodes.document) -> None:
        self._document = document
        definitions = (
            it
            for it in document.findall(nodes.definition_list)
            if isinstance(it.parent, nodes.section | nodes.document)
        )
        # Where one list of definitions asks, the others beside it are entries, too.
        self._definitions_ask = any(map(_mostly_asks, definitions))

    def items(self, parent: nodes.Element, level: int, line: int) -> Iterator[Item]:
        """Give the headings, pairs and texts of a section, and of those below it."""
        builder = MarkdownBuilder()
        for node in parent.children:
            if not isinstance(node, nodes.Element) or isinstance(node, nodes.title):
                continue
            line = node.line or line
            items = list(self._beginning(node, level, line))
            if items:
                if written := builder.finish():
                    yield Text(line, written)
                yield from items
            else:
                feed(node, builder, self._document)
                builder.boundary()
        if written := builder.finish():
            yield Text(line, written)

    def _beginning(self, node: nodes.Element, level: int, line: int) -> Iterator[Item]:
        """Give what begins with a node; nothing where what is above it only goes on."""
        if isinstance(node, nodes.section):
            title = node.next_node(nodes.title)
            if title is not None:
                # Docutils counts up to the underline.
                yield self._heading(title.children, level, max((title.line or line) - 1, 1))
            yield from self.items(node, level + 1, line)
        elif isinstance(node, nodes.rubric):
            yield self._heading(node.children, level, line)
        elif isinstance(node, nodes.container) and PAIR in node["classes"]:
            question, *answer = node.children
            yield Pair(line, (_plain([question]),), self._markdown(answer))
        elif isinstance(node, nodes.definition_list) and self._definitions_ask:
            yield from self._definitions(node, line)
        elif isinstance(node, nodes.field_list):
            yield from self._spoken(node, line)
        elif isinstance(node, nodes.paragraph):
            yield from self._asking_paragraph(node, line)
        elif isinstance(node, nodes.bullet_list | nodes.enumerated_list):
            yield from self._asking_list(node, level, line)

    def _definitions(self, node: nodes.Element, line: int) -> Iterator[Item]:
        spoken = list(self._spoken(node, line))
        if spoken:
            yield from spoken
            return
        for item in _elements(node):
            terms = tuple(_plain([it]) for it in item.children if isinstance(it, nodes.term))
            definition = item.children[-1]
            if terms and isinstance(definition, nodes.definition):
                yield Pair(item.line or line, terms, self._markdown(definition.children))

    def _spoken(self, node: nodes.Element, line: int) -> Iterator[Item]:
        """Read lists of Q and A: fields, or terms with what they mean."""
        parts = [it.children for it in _elements(node) if len(it.children) > 1]
        for (name, *question), (_, *answer) in pairwise(parts):
            if _SPOKEN.fullmatch(name.astext()):
                content = [it for body in answer for it in body.children]
                yield Pair(question[0].line or line, (_plain(question),), self._markdown(content))

    def _asking_list(self, node: nodes.Element, level: int, line: int) -> Iterator[Item]:
        first = [it.children[0] for it in _elements(node) if it.children]
        if sum(_bold_question(it) is not None for it in first) * 2 > len(node.children):
            for item in _elements(node):
                yield from self.items(item, level, item.line or line)

    def _asking_paragraph(self, node: nodes.paragraph, line: int) -> Iterator[Item]:
        bold = _bold_question(node)
        if bold is not None:
            yield self._heading(bold.children, _DEEPEST, line)
            rest = self._markdown([nodes.paragraph("", "", *node.children[1:])])
            if rest:
                yield Text(line, rest)
        elif is_spoken_question(node.astext()) and len(node.astext()) < _LONGEST_QUESTION:
            yield self._heading(node.children, _DEEPEST, line)

    def _heading(self, title: Sequence[nodes.Node], level: int, line: int) -> Heading:
        return Heading(line, min(level, _DEEPEST), _plain(title))

    def _markdown(self, content: Iterable[nodes.Node]) -> str:
        builder = MarkdownBuilder()
        for node in content:
            feed(node, builder, self._document)
        return builder.finish()


def _elements(node: nodes.Element) -> list[nodes.Element]:
    return [it for it in node.children if isinstance(it, nodes.Element)]


def _plain(content: Iterable[nodes.Node]) -> str:
    return " ".join("".join(it.astext() for it in content).split())


def _mostly_asks(definitions: nodes.definition_list) -> bool:
    terms = [it.children[0] for it in _elements(definitions) if it.children]
    asking = (asks(it.astext()) or _SPOKEN.fullmatch(it.astext()) for it in terms)
    return sum(map(bool, asking)) * 2 >= len(terms) > 0


def _bold_question(node: nodes.Node) -> nodes.strong | None:
    first = node.children[0] if isinstance(node, nodes.paragraph) and node.children else None
    return first if isinstance(first, nodes.strong) and asks(first.astext()) else None

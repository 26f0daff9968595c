"""What documentation tools add to reStructuredText: their roles and directives keep their text."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en
from docutils.parsers.rst.states import Inliner

PAIR = "faq-pair"
"""The class of a container whose first child is a question."""
REFERENCE = "faq-reference"
"""The class of a text that is the label of another place, for want of a title."""

_SILENT = """
contents toctree index meta highlight currentmodule module sectnum sectionauthor codeauthor
tabularcolumns raw include literalinclude header footer title target-notes graphviz plot tags
py:module py:currentmodule role default-role testsetup testcleanup
"""
_SHOWING_CODE = """
code code-block sourcecode ipython doctest testcode testoutput prompt console terminal
jupyter-execute
"""
_WITHOUT_TEXT = frozenset(_SILENT.split())
_CODE = frozenset(_SHOWING_CODE.split())
_FOLDING = frozenset(
    ("faq", "question", "qa", "dropdown", "collapse", "details", "spoiler", "faq-item", "accordion")
)
_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
_DIRECTIVE = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([A-Za-z][\w:+.-]*?)[ \t]?::(?=\s|$)",
    re.MULTILINE,
)
_WITH_TARGET = re.compile(r"(?s)(.+?)\s*<([^<>]+)>$")
_PLAIN_ROLES = frozenset(("ref", "doc", "term", "numref", "any", "abbr", "guilabel", "download"))
_CODE_ROLES = frozenset(
    ("", "class", "func", "meth", "mod", "attr", "exc", "obj", "data", "const", "option")
) | frozenset(("envvar", "file", "program", "command", "kbd", "samp", "setting", "keyword", "code"))
_LIKE_CODE = re.compile(r"\S*[._/()=-]\S*")
_LABEL_ROLES = frozenset(("ref", "numref", "any"))


class _AnyOption(dict[str, Callable[[str], Any]]):
    """An option table that takes every option as it is."""

    def __missing__(self, _: str) -> Callable[[str], Any]:
        return lambda text: text or True


class _OtherDirective(Directive):
    """A directive that only some documentation tool knows: what it holds is text all the same."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _AnyOption({"class": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        name = self.name.lower().rpartition("::")[0] or self.name.lower()
        argument = " ".join(self.arguments[0].split()) if self.arguments else ""
        if name in _WITHOUT_TEXT or name.startswith("auto"):
            return []
        if name in _CODE:
            return [self._code(argument)]
        holder = nodes.container()
        if name in _VERSIONS:
            version, _, rest = argument.partition(" ")
            argument, before = rest, f"{_VERSIONS[name]} {version}: "
            holder += nodes.paragraph("", before, *self._inline(argument))
        elif argument and name in _FOLDING:
            holder["classes"].append(PAIR)
            holder += nodes.rubric("", "", *self._inline(argument))
        elif argument:
            holder += nodes.paragraph("", "", nodes.strong("", "", *self._inline(argument)))
        self.state.nested_parse(self.content, self.content_offset, holder)
        return [holder]

    def _inline(self, text: str) -> list[nodes.Node]:
        parsed, _ = self.state.inline_text(text, self.lineno)
        return list(parsed)

    def _code(self, language: str) -> nodes.Node:
        text = "\n".join(self.content)
        return nodes.literal_block(text, text, classes=["code", language.partition(" ")[0]])


class DialectInliner(Inliner):
    """Reads roles that docutils does not know as the text that they show."""

    def interpreted(
        self, rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Read a text in a role."""
        known, _ = roles.role(role, self.language, lineno, self.reporter)
        if known and role.lower() not in {"", "title-reference"}:
            return super().interpreted(rawsource, text, role, lineno)
        return [_shown(role.lower().rpartition(":")[2], nodes.unescape(text))], []


# Docutils makes its patterns of the texts in an inliner's own class, not of inherited ones.
for _name, _text in vars(Inliner).items():
    if isinstance(_text, str) and not _name.startswith("__"):
        setattr(DialectInliner, _name, _text)


def know_directives(text: str) -> None:
    """Let docutils take a text's directives that it does not know, or that would read files."""
    for name in {match[1].lower() for match in _DIRECTIVE.finditer(text)}:
        is_ours = name in _WITHOUT_TEXT or name in _CODE
        if is_ours or not _is_known(name):
            directives.register_directive(name, _OtherDirective)


def _is_known(name: str) -> bool:
    return name in en.directives


def _shown(role: str, text: str) -> nodes.Node:
    match = _WITH_TARGET.fullmatch(text)
    if match and match[1].strip():
        return nodes.inline(text, match[1])
    text = text.strip("<>").lstrip("!")
    if role in _LABEL_ROLES:
        return nodes.inline(text, text, classes=[REFERENCE])
    if role == "doc":
        text = text.rstrip("/").rpartition("/")[2].replace("_", " ")
    elif text.isdecimal() and role:
        text = f"{role} {text}"  # :issue:`123`
    elif text.startswith("~"):
        text = text.rpartition(".")[2].lstrip("~")
    if role in {"", "title-reference"} and " " in text:
        return nodes.emphasis(text, text)
    is_code = role not in _PLAIN_ROLES and (role in _CODE_ROLES or _LIKE_CODE.fullmatch(text))
    return nodes.literal(text, text) if is_code else nodes.inline(text, text)

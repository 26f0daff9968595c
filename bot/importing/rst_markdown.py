"""Docutils' nodes to Markdown, by way of the HTML tags that they correspond to."""

from docutils import nodes

from bot.importing.markdown_builder import MarkdownBuilder
from bot.importing.rst_dialect import REFERENCE

_TAGS: dict[type[nodes.Node], str] = {
    nodes.paragraph: "p",
    nodes.bullet_list: "ul",
    nodes.enumerated_list: "ol",
    nodes.list_item: "li",
    nodes.term: "dt",
    nodes.definition: "dd",
    nodes.literal_block: "pre",
    nodes.doctest_block: "pre",
    nodes.math_block: "pre",
    nodes.literal: "code",
    nodes.math: "code",
    nodes.emphasis: "em",
    nodes.title_reference: "em",
    nodes.strong: "strong",
    nodes.superscript: "sup",
    nodes.subscript: "sub",
    nodes.inline: "span",
    nodes.option: "span",
    nodes.option_string: "span",
    nodes.option_argument: "span",
    nodes.abbreviation: "span",
    nodes.reference: "a",
    nodes.image: "img",
    nodes.block_quote: "blockquote",
    nodes.topic: "blockquote",
    nodes.sidebar: "blockquote",
    nodes.title: "summary",
    nodes.rubric: "summary",
    nodes.caption: "p",
    nodes.table: "table",
    nodes.row: "tr",
    nodes.entry: "td",
    nodes.transition: "hr",
    nodes.field_name: "dt",
    nodes.option_group: "dt",
    nodes.problematic: "span",
}
_UNSHOWN = (
    nodes.comment,
    nodes.target,
    nodes.system_message,
    nodes.substitution_definition,
    nodes.colspec,
    nodes.raw,
    nodes.pending,
)


def feed(node: nodes.Node, builder: MarkdownBuilder, document: nodes.document) -> None:
    """Hand a node and all in it to a builder."""
    if isinstance(node, nodes.Text):
        builder.text(node.astext())
        return
    if isinstance(node, _UNSHOWN) or not isinstance(node, nodes.Element):
        return
    if isinstance(node, nodes.topic) and "contents" in node["classes"]:
        return
    if isinstance(node, nodes.footnote_reference | nodes.citation_reference):
        builder.text(f"[{node.astext()}]")
        return
    if isinstance(node, nodes.inline) and REFERENCE in node["classes"]:
        builder.text(_title_of(node.astext(), document))
        return
    if isinstance(node, nodes.label):
        builder.start("strong")
        builder.text(f"[{node.astext()}]")
        builder.end()
        return
    is_admonition = isinstance(node, nodes.Admonition)
    builder.start("blockquote" if is_admonition else _tag(node), _attributes(node))
    if is_admonition and not isinstance(node, nodes.admonition):
        builder.start("summary")
        builder.text(node.tagname.capitalize())
        builder.end()
    for child in node.children:
        feed(child, builder, document)
        if isinstance(child, nodes.line):
            builder.start("br")
            builder.end()
    builder.end()


def _tag(node: nodes.Element) -> str:
    if isinstance(node, nodes.entry) and isinstance(node.parent.parent, nodes.thead):
        return "th"
    if isinstance(node, nodes.line):
        return "span"
    return _TAGS.get(type(node), "div")


def _attributes(node: nodes.Element) -> dict[str, str]:
    if isinstance(node, nodes.reference):
        return {"href": node.get("refuri", "")}
    if isinstance(node, nodes.image):
        return {"src": node.get("uri", ""), "alt": node.get("alt", "")}
    if isinstance(node, nodes.enumerated_list):
        return {"start": str(node.get("start", 1))}
    if isinstance(node, nodes.literal_block):
        languages = [it for it in node["classes"] if it and it != "code"]
        return {"class": f"language-{languages[0]}"} if languages else {}
    return {}


def _title_of(label: str, document: nodes.document) -> str:
    """Give the title of the section that a label stands before, if it is in the same file."""
    place = document.nameids.get(label.lower())
    section = document.ids.get(place) if place else None
    title = section.next_node(nodes.title) if isinstance(section, nodes.section) else None
    return title.astext() if title is not None else label.replace("-", " ").replace("_", " ")

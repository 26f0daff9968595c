"""The questions that a page lists for search engines: schema.org's FAQPage as JSON-LD."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from bot.importing.html_tree import Addresses, to_markdown
from bot.importing.outline import Pair

_MOST_VALUES = 100_000


def read_structured_data(root: html.HtmlElement, addresses: Addresses) -> list[Pair]:
    """Read the questions and their answers; answers are HTML themselves."""
    pairs = []
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue  # search engines leave it out, too, and the page shows the same
        for question in _questions(data):
            name, answer = question.get("name"), _answer(question)
            if isinstance(name, str) and answer:
                line = script.sourceline or 1
                pairs.append(
                    Pair(line, (_markdown(name, addresses),), _markdown(answer, addresses))
                )
    return pairs


def _questions(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            kinds = value.get("@type")
            if "Question" in (kinds if isinstance(kinds, list) else [kinds]):
                yield value
            else:
                waiting += reversed(value.values())


def _answer(question: dict[str, Any]) -> str:
    answers = question.get("acceptedAnswer") or question.get("suggestedAnswer")
    answer = answers[0] if isinstance(answers, list) and answers else answers
    text = answer.get("text") if isinstance(answer, dict) else None
    return text if isinstance(text, str) else ""


def _markdown(text: str, addresses: Addresses) -> str:
    try:
        return to_markdown([html.fragment_fromstring(text, create_parent="div")], addresses)
    except (etree.ParserError, ValueError):
        return ""

"""Draw a conversation with the bot, as it really went, for the README.

`python -m tests.conversation` runs the real command on the shipped FAQ against the strict fake Bot
API server, and writes what was said to `tests/conversation.svg`.
"""

import html
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from bot.telegram.tables import width as columns
from tests.telegram_checks import utf16_units
from tests.telegram_server import ANN, TOKEN, TelegramServer

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "tests" / "conversation.svg"
QUESTIONS = (
    "my question is badly spelt, does that mater?",
    "wie ändere ich den Schwellenwert?",
    "what's the weather in Lima?",
)
_QUOTES = {"blockquote", "expandable_blockquote"}
_WIDTH, _LINE, _PAD, _COLUMNS = 640, 20, 12, 60


def main() -> int:
    """Talk, then draw."""
    with tempfile.TemporaryDirectory() as data, TelegramServer() as server:
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "FAQBOT_TELEGRAM_API_URL": server.url,
            "FAQBOT_DATA_PATH": data,
            "FAQBOT_EMBEDDER": "local",
        }
        command = [sys.executable, "-m", "bot", "run"]
        with subprocess.Popen(command, cwd=ROOT, env=environment) as bot:
            try:
                said = _talk(server)
            finally:
                bot.terminate()
    PICTURE.write_text(_draw(said), encoding="utf-8")
    return 0


def _talk(server: TelegramServer) -> list[tuple[str, dict[str, Any]]]:
    said: list[tuple[str, dict[str, Any]]] = []
    while True:  # until the FAQ has been read
        server.text("is it free?")
        server.wait_for(lambda: len(server.messages(ANN)) > 0, 60)
        if "still reading" not in server.messages(ANN)[-1]["text"]:
            break
        server.removed(server.messages(ANN)[-1])
    for count, question in enumerate(QUESTIONS, start=len(server.posted) + 1):
        asked = server.message(server.text(question))
        server.wait_for(count, 60)
        said += [("you", asked), ("bot", server.messages(ANN)[-1])]
    return said


def _draw(said: list[tuple[str, dict[str, Any]]]) -> str:
    y = _PAD
    shapes = []
    for who, message in said:
        lines = list(_lines(message))
        width = max(columns(text) for text, _ in lines) * 8.6 + 2 * _PAD
        height = len(lines) * _LINE + _PAD
        x = _WIDTH - _PAD - width if who == "you" else _PAD
        colour = "#dcf8c6" if who == "you" else "#ffffff"
        shapes.append(
            f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="{height}" rx="10" '
            f'fill="{colour}"/>'
        )
        for number, (text, formats) in enumerate(lines):
            base = y + 18 + number * _LINE
            if any(kinds & _QUOTES for kinds in formats):
                shapes.append(
                    f'<rect x="{x + 4:.0f}" y="{base - 15}" width="3" height="{_LINE}" '
                    'fill="#3a8fd0"/>'
                )
            shapes.append(
                f'<text x="{x + _PAD:.0f}" y="{base}" xml:space="preserve">'
                f"{_runs(text, formats)}</text>"
            )
        y += height + 10
    style = (
        "text { font: 14px 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1c1c1c } "
        ".bold { font-weight: bold } .italic { font-style: italic } "
        ".code, .pre { fill: #a0345a } .text_link { fill: #1a6fc4 } "
        ".underline { text-decoration: underline } .strikethrough { text-decoration: line-through }"
    )
    size = f'width="{_WIDTH}" height="{y}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" {size}>'
    ground = f'<rect {size} fill="#d7e3ee"/>'
    return "\n".join([head, f"<style>{style}</style>", ground, *shapes, "</svg>\n"])


def _lines(message: dict[str, Any]) -> Iterator[tuple[str, list[frozenset[str]]]]:
    """Give the lines of a message as a phone breaks them, with the formats of each character."""
    text = message["text"]
    formats = [
        frozenset(
            entity["type"]
            for entity in message.get("entities", [])
            if entity["offset"] <= at < entity["offset"] + entity["length"]
        )
        for at in accumulate((utf16_units(char) for char in text[:-1]), initial=0)
    ]
    at = 0
    for line in text.split("\n"):
        start = at
        for part in textwrap.wrap(line, _COLUMNS, drop_whitespace=False) or [""]:
            yield part, formats[start : start + max(len(part), 1)]
            start += len(part)
        at += len(line) + 1


def _runs(text: str, formats: list[frozenset[str]]) -> str:
    """Draw a line, each stretch of equal formats in its own style."""
    return "".join(
        f'<tspan class="{" ".join(sorted(kinds))}">{html.escape(run)}</tspan>'
        if kinds
        else html.escape(run)
        for kinds, pairs in groupby(zip(formats, text, strict=False), key=itemgetter(0))
        for run in ["".join(char for _, char in pairs)]
    )


if __name__ == "__main__":
    sys.exit(main())

"""Draw conversations with the bot, as they really went, for the documentation.

`python -m tests.conversation` runs the real command on the shipped FAQ against the strict fake Bot
API server, and draws what was said as `tests/conversation.svg`, for the README; then it draws each
scene of `tests/scenes.py` into `tests/pictures`. With names, as in `python -m tests.conversation
groups pace`, it draws these scenes only. Where the bot says what it said before, nothing changes.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.drawing import Said, draw
from tests.scenes import SCENES, Stage
from tests.telegram_server import ANN, TOKEN, TelegramServer

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "tests" / "conversation.svg"
PICTURES = ROOT / "tests" / "pictures"
QUESTIONS = (
    "my question is badly spelt, does that mater?",
    "wie ändere ich den Schwellenwert?",
    "how do I bake bread?",
)


def main(names: Collection[str]) -> int:
    """Talk, then draw."""
    if not names:
        PICTURE.write_text(_with_the_real_command(), encoding="utf-8")
    for name, picture in asyncio.run(pictures(names or SCENES)).items():
        (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")
    return 0


async def pictures(names: Collection[str]) -> dict[str, str]:
    """Play scenes, and draw them."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        await stage.prepare()
        scenes = {name: SCENES[name] for name in names}
        return {
            name: draw(scene.title, (await stage.played(name, scene)).items)
            for name, scene in scenes.items()
        }


def _with_the_real_command() -> str:
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
                return draw("A conversation with the bot", list(_talk(server)))
            finally:
                bot.terminate()


def _talk(server: TelegramServer) -> Iterator[Said]:
    while True:  # until the FAQ has been read
        server.text("is it free?")
        server.wait_for(lambda: len(server.messages(ANN)) > 0, 60)
        if "still reading" not in server.messages(ANN)[-1]["text"]:
            break
        server.removed(server.messages(ANN)[-1])
    for count, question in enumerate(QUESTIONS, start=len(server.posted) + 1):
        yield Said(server.message(server.text(question)), is_own=True)
        server.wait_for(count, 60)
        yield Said(server.messages(ANN)[-1], is_own=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

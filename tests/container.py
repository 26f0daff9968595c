"""Prove the image without a container engine: run the Dockerfile's steps, then what it starts.

`python -m tests.container` carries the steps out in an empty folder, as a user without rights where
it was started by root, with each of the image's absolute paths below that folder. What it ends in
must be a bot that answers (in the strict fake Bot API server), is healthy, writes nowhere but into
its data folder, and is gone soon after SIGTERM.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.telegram_server import ANN, TelegramServer

ROOT = Path(__file__).parents[1]
_NOBODY = 65534
_TOKEN = "1234:a-token-for-the-image"  # noqa: S105 - made up
_QUESTION = "how do I change the threshold"


class Image:
    """The file system that the steps make, below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = folder / "root"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }
        self.start: list[str] = []
        self.health: list[str] = []
        self._working = "/"
        self._python = _python_for_all()

    def build(self, dockerfile: str) -> None:
        """Carry out a Dockerfile's instructions."""
        for name, argument in _instructions(dockerfile):
            print(f"{name} {argument}", flush=True)
            getattr(self, f"_{name.lower()}")(argument)

    def run(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        """Start a command in the image, as its user."""
        arguments = [self._inside(word) for word in command]
        place = self.root / self._working.lstrip("/")
        program = shutil.which(arguments[0], path=self.environment["PATH"]) or arguments[0]
        process: subprocess.Popen[str] = subprocess.Popen(
            [program, *arguments[1:]],
            cwd=place,
            env=self.environment,
            text=True,
            **_nobody(),
        )
        return process

    def files(self) -> set[str]:
        """List everything that is not data."""
        found = (str(path.relative_to(self.root)) for path in self.root.rglob("*"))
        return {path for path in found if not path.startswith("data") and "__pycache__" not in path}

    def _inside(self, text: str) -> str:
        text = re.sub(r"(?<![\w.])(/(?:opt|src|faq|data))\b", rf"{self.root}\1", text)
        return re.sub(r"\bpython3\b(?! -m pip)", self._python, text, count=1)

    def _from(self, _image: str) -> None:
        if self.root.exists():
            self.root.rename(self._folder / "build")
        self.root.mkdir()
        self._own(self.root)
        self._working = "/"

    def _workdir(self, place: str) -> None:
        self._working = place
        (self.root / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        self._own(self.root / place.lstrip("/"))

    def _copy(self, argument: str) -> None:
        words = argument.split()
        source = ROOT
        if words[0].startswith("--from="):
            source = self._folder / "build"
            words = words[1:]
        *names, target = words
        for name in names:
            whence = source / name.lstrip("/")
            place = self.root / (
                target if target.startswith("/") else f"{self._working}/{target}"
            ).lstrip("/")
            if target.endswith("/"):
                place /= whence.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if whence.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(whence, place, symlinks=True, ignore=ignored)
            else:
                shutil.copy2(whence, place)
            self._own(self.root)

    def _run(self, script: str) -> None:
        # Only root may give a folder away, and here it belongs to the right user already.
        script = re.sub(r"&& chown \S+ \S+", "", script)
        with self.run(["sh", "-ec", script]) as process:
            if process.wait():
                raise SystemExit(f"This step failed: {script}")

    def _env(self, argument: str) -> None:
        for pair in shlex.split(argument):
            name, _, value = pair.partition("=")
            known = re.sub(r"\$PATH", self.environment["PATH"], self._inside(value))
            self.environment[name] = known

    def _healthcheck(self, argument: str) -> None:
        self.health = json.loads(argument.partition("CMD ")[2])

    def _entrypoint(self, argument: str) -> None:
        self.start = json.loads(argument)

    def _cmd(self, argument: str) -> None:
        self.start += json.loads(argument)

    def _user_(self, _argument: str) -> None:
        """Everything here runs as that user from the first step on."""

    def _volume(self, place: str) -> None:
        assert (self.root / place.lstrip("/")).is_dir()

    def _own(self, folder: Path) -> None:
        if _is_root():
            for path in (folder, *folder.rglob("*")):
                os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)


def main() -> int:
    """Build, start, ask, stop."""
    with tempfile.TemporaryDirectory() as name, TelegramServer(token=_TOKEN) as server:
        folder = Path(name)
        folder.chmod(0o755)
        image = Image(folder)
        image.build((ROOT / "Dockerfile").read_text())
        size = subprocess.run(
            ["du", "-sm", str(image.root / "opt")], check=True, capture_output=True, text=True
        ).stdout.split()[0]
        print(f"The installed environment takes {size} MB.", flush=True)
        before = image.files()
        image.environment |= {
            "TELEGRAM_BOT_TOKEN": _TOKEN,
            "FAQBOT_TELEGRAM_API_URL": server.url,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with image.run(image.start) as bot:
            try:
                _ask(server)
                with image.run(image.health) as health:
                    assert health.wait() == 0, "the bot is not healthy"
                bot.send_signal(signal.SIGTERM)
                assert bot.wait(timeout=10) == 0, "the bot did not end well"
            finally:
                bot.kill()
        assert image.files() == before, f"it wrote outside its data: {image.files() - before}"
    print("The image's steps end in a bot that answers, is healthy, and stops in time.")
    return 0


def _ask(server: TelegramServer) -> None:
    """Ask until the FAQ has been read, for at most a minute."""
    for asked in range(1, 60):
        server.text(_QUESTION)
        server.wait_for(asked, timeout_seconds=60)
        if "FAQBOT_THRESHOLD" in server.messages(ANN)[-1]["text"]:
            return
        time.sleep(1)
    raise SystemExit("The bot did not answer.")


def _instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in dockerfile.split("\n") if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    for line in filter(str.strip, joined.split("\n")):
        name, _, argument = line.strip().partition(" ")
        yield ("USER_" if name == "USER" else name), argument.strip()


def _nobody() -> dict[str, Any]:
    """What makes a process somebody without rights, where it is not so already."""
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if _is_root() else {}


def _is_root() -> bool:
    return os.geteuid() == 0


def _python_for_all() -> str:
    """Find a Python that a user without rights may run, too."""
    names = ("python3.13", "python3.12", "python3.11", "python3")
    candidates = [sys.executable, *map(shutil.which, names), "/usr/bin/python3"]
    check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
    for candidate in filter(None, candidates):
        arguments = [candidate, "-c", check]
        with contextlib.suppress(PermissionError):
            done = subprocess.run(arguments, check=False, capture_output=True, cwd="/", **_nobody())
            if done.returncode == 0:
                return str(candidate)
    raise SystemExit("No Python 3.11 or later here that a user without rights may run.")


if __name__ == "__main__":
    sys.exit(main())

"""The real command, killed: a short run of what `tests.benchmarks.kills` does at length."""

import subprocess
import sys
from pathlib import Path


def test_a_kill_never_harms_the_index() -> None:
    """Whenever the power goes, the bot comes back with the old FAQ or the new one, and answers."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kills", "--kills", "6"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("6 kills in ")
    assert "failures: 0" in result.stdout

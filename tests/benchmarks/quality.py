"""Measure the quality on the evaluation sets and print it as a Markdown table.

Run `python -m tests.benchmarks.quality`, or with `--smoke` for one small set only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "shared" / "data"
_SMOKE_SET = "dstc11-banking"
_FIGURES = (
    "p_at_1",
    "recall_at_3",
    "mrr",
    "auc",
    "combined_accuracy",
    "answered_precision",
    "coverage",
    "oos_recall",
    "helped",
    "mcc",
    "calibration_error",
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="one small set only")
    smoke = parser.parse_args().smoke
    if not DATA.is_dir():
        print(f"The evaluation sets are not here ({DATA.name} is missing): nothing measured.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print(f"| set | FAQ | questions | {' | '.join(_FIGURES)} | ms_per_query |")
        print("|---|---|---|" + "---:|" * (len(_FIGURES) + 1))
        for faq, queries in _sets(smoke=smoke):
            result = _measure(faq, queries, folder)
            figures = " | ".join(_shown(result[name]) for name in _FIGURES)
            print(
                f"| {faq.parent.name} | {faq.stem} | {queries.stem} | {figures} "
                f"| {result['ms_per_query']['p50']:.2f} |",
                flush=True,
            )
    return 0


def _sets(*, smoke: bool) -> Iterator[tuple[Path, Path]]:
    for folder in sorted(it for it in DATA.iterdir() if it.is_dir()):
        if smoke and folder.name != _SMOKE_SET:
            continue
        for faq in sorted(folder.glob("faq*.jsonl")):
            for queries in sorted(folder.glob("queries*.jsonl")):
                yield faq, queries


def _measure(faq: Path, queries: Path, data_path: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bot", "eval", str(queries), "--faq", str(faq), "--json"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FAQBOT_")},
        "FAQBOT_EMBEDDER": "local",
        "FAQBOT_DATA_PATH": data_path,
    }
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())

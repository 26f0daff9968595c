"""The plot of an evaluation: what stands in it, and what keeps it from being written."""

import dataclasses
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from bot.cli.plotting import PlotError, check_plot_path, draw, spread_out, write_plot
from bot.matching.evaluating import Judged, figures
from bot.model import OutcomeKind, Query

THRESHOLD, SUGGEST_THRESHOLD = 0.5, 0.4


def _judged(expected: str | None, score: float, *, found: bool = True) -> Judged:
    """Make a judged question; the best entry is always a, and answers from the threshold on."""
    kind = OutcomeKind.ANSWER if found and score >= THRESHOLD else OutcomeKind.DECLINE
    ranking = ("a", "b") if found else ()
    shown = ranking[:1] if kind is OutcomeKind.ANSWER else ()
    return Judged(
        Query("?", expected), ranking, score, kind, shown, None, THRESHOLD, SUGGEST_THRESHOLD, 1
    )


_SOME = [
    *(_judged("a", score) for score in (0.9, 0.8, 0.7, 0.6, 0.3)),
    _judged("b", 0.55),
    _judged(None, 0.52),
    _judged(None, 0.2),
]


def _panels(
    judged: Sequence[Judged],
    name: str = "q.csv",
    threshold: float = THRESHOLD,
    suggest_threshold: float = SUGGEST_THRESHOLD,
) -> tuple[str, Axes, Axes]:
    """Draw, and give the headline and the two panels."""
    judged = [
        dataclasses.replace(it, threshold=threshold, suggest_threshold=suggest_threshold)
        for it in judged
    ]
    figure = draw(judged, figures(judged), name)
    left, right = figure.axes
    return figure.get_suptitle(), left, right


def _legend(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend
    return [text.get_text() for text in legend.get_texts()]


def _texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(
    ("name", "head"),
    [("p.png", b"\x89PNG\r\n"), ("P.PNG", b"\x89PNG\r\n"), ("p.svg", b"<?xml"), ("p.pdf", b"%PDF")],
)
def test_the_end_of_the_name_says_what_picture_it_becomes(
    name: str, head: bytes, tmp_path: Path
) -> None:
    """PNG for chats, SVG for the web, PDF for print."""
    judged = figures(_SOME)
    write_plot(tmp_path / name, _SOME, judged, "q.csv")
    assert (tmp_path / name).read_bytes().startswith(head)


@pytest.mark.parametrize("name", ["p", "p.jpg", "png", ".png", "p.png.txt"])
def test_another_kind_of_picture_is_told(name: str, tmp_path: Path) -> None:
    """Who names no kind of picture, or one that cannot be drawn, reads which ones can."""
    with pytest.raises(PlotError, match=r"end its name in one of \.png, \.svg, \.pdf\.$"):
        check_plot_path(tmp_path / name)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A wrong folder is told before anything is measured."""
    with pytest.raises(PlotError, match=r"There is no folder .*gone for the plot"):
        check_plot_path(tmp_path / "gone" / "p.png")
    check_plot_path(Path("p.png"))


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """What only shows when writing is told as well."""
    (tmp_path / "p.png").mkdir()
    with pytest.raises(PlotError, match=r"p\.png \(Is a directory\): name another file"):
        write_plot(tmp_path / "p.png", _SOME, figures(_SOME), "q.csv")


def test_what_is_told_at_a_glance() -> None:
    """The headline, and beside each line what it says at the threshold in use."""
    headline, left, right = _panels(_SOME)
    assert headline.strip() == "q.csv: 62% of 8 questions handled rightly"
    assert _legend(left) == [
        "67% of its answers are right",
        "83% of what it could answer is answered",
        "threshold in use: 0.50",
    ]
    off = figures(_SOME).calibration_error
    assert f"faqbot: on average {100 * off:.0f} points off" in _legend(right)
    assert _texts(right) == ["too modest", "too sure"]


def test_lines_are_what_each_threshold_gives() -> None:
    """Precision and coverage begin at the left edge and step down or up at each score."""
    _, left, _ = _panels(_SOME)
    precision, coverage = left.lines[:2]
    assert coverage.get_drawstyle() == "steps-pre"
    assert np.asarray(coverage.get_xdata()).tolist() == [
        *(0, 0.2, 0.3, 0.52, 0.55, 0.6, 0.7, 0.8, 0.9, 1)
    ]
    shares = np.asarray(coverage.get_ydata())
    assert shares.tolist() == pytest.approx([1, 1, 1, 5 / 6, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0])
    # Eight answers are few, so all that is told is what they all give together.
    assert np.asarray(precision.get_ydata()).tolist() == pytest.approx([5 / 8, 5 / 8])


def test_a_handful_of_answers_says_nothing_about_precision() -> None:
    """The line ends where fewer than ten answers are left, however well it began."""
    judged = [_judged("a", 0.01 * i) for i in range(1, 21)]
    _, left, _ = _panels(judged)
    precision, coverage = left.lines[:2]
    assert np.asarray(precision.get_xdata()).tolist()[-1] == pytest.approx(0.11)
    assert np.asarray(coverage.get_xdata()).tolist()[-2:] == pytest.approx([0.2, 1])


@pytest.mark.parametrize(
    ("threshold", "suggest_threshold", "bands"),
    [
        (0.5, 0.4, ["no answer", "suggests", "answers"]),
        (0.05, 0.0, ["suggests", "answers"]),
        (0.6, 0.6, ["no answer", "answers"]),
        (1.0, 0.9, ["no answer", "suggests"]),
        (0.0, -0.1, ["answers"]),
    ],
)
def test_the_bands_are_named(threshold: float, suggest_threshold: float, bands: list[str]) -> None:
    """What becomes of a question by its score is told, as far as it can happen."""
    _, left, _ = _panels(_SOME, threshold=threshold, suggest_threshold=suggest_threshold)
    assert _texts(left) == bands


def test_dots_lie_where_scores_came_true() -> None:
    """A dot a step of score: how sure it was against how often it was right."""
    judged = [_judged("a", 0.9), _judged("b", 0.9), _judged("a", 0.25)]
    _, _, right = _panels(judged)
    (dots,) = (it for it in right.collections if it.get_gid() == "dots")
    assert np.asarray(dots.get_offsets()).tolist() == [[0.25, 1.0], [0.9, 0.5]]


def test_without_off_topic_questions_the_picture_says_whose_confidence_it_shows() -> None:
    """Where doubts that a question is on topic are left out, scores are not what is shown."""
    pure = [dataclasses.replace(_judged("a", 0.6), off_topic=0.25)]
    _, _, right = _panels(pure)
    (dots,) = (it for it in right.collections if it.get_gid() == "dots")
    assert np.asarray(dots.get_offsets()).tolist() == [[pytest.approx(0.8), 1.0]]
    assert right.get_xlabel() == "how sure it was (were it known to be on topic)"
    _, _, right = _panels([*pure, _judged(None, 0.6)])
    assert right.get_xlabel() == "how sure it was (a score of 0.6 is 60%)"


@pytest.mark.parametrize(
    "judged",
    [
        [_judged("a", 0.9)],
        [_judged("a", 0.1)],
        [_judged(None, 0.9)],
        [_judged(None, 0.0, found=False)],
        [_judged("a", 0.0, found=False), _judged(None, 0.0, found=False)],
    ],
)
def test_the_smallest_sets_can_be_drawn(judged: list[Judged], tmp_path: Path) -> None:
    """One question, none in scope, nothing answered, nothing found: all make a picture."""
    write_plot(tmp_path / "p.png", judged, figures(judged), "q.csv")
    assert (tmp_path / "p.png").stat().st_size > 10_000


def test_nothing_answered_is_said() -> None:
    """Where nothing is answered there is no share to tell."""
    headline, left, _ = _panels([_judged("a", 0.1)])
    assert headline.strip() == "q.csv: 0% of 1 question handled rightly"
    assert _legend(left)[0] == "it answers nothing"


def test_any_name_of_a_file_can_be_shown(tmp_path: Path) -> None:
    """A name is no formula, one in another script brings no warning, and a long one is cut."""
    name = "$x_1$ 質問 " + "long" * 20
    headline, _, _ = _panels(_SOME, name)
    assert headline.startswith("$x_1$ 質問 longlonglonglonglo…: 62% of")
    write_plot(tmp_path / "p.svg", _SOME, figures(_SOME), name)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=4).map(sorted),
    st.lists(st.floats(0, 0.25), min_size=4, max_size=4),
)
def test_names_in_a_row_never_overlap(middles: list[float], widths: list[float]) -> None:
    """However narrow the bands are, their names stand side by side, in order, inside the panel."""
    widths = widths[: len(middles)]
    moved = spread_out(middles, widths)
    edges = [
        edge
        for middle, width in zip(moved, widths, strict=True)
        for edge in (middle - width / 2, middle + width / 2)
    ]
    assert [0, *edges, 1] == pytest.approx(sorted([0, *edges, 1]), abs=1e-9)


def test_names_with_room_stay_where_they_belong() -> None:
    """Only what would overlap is moved."""
    assert spread_out([0.2, 0.5, 0.8], [0.2, 0.2, 0.2]) == [0.2, 0.5, 0.8]
    assert spread_out([0.85, 0.95], [0.2, 0.2]) == pytest.approx([0.7, 0.9])


def test_only_plots_pay_for_the_library() -> None:
    """The library takes a second to import, so no command does before it draws."""
    code = "import sys, bot.cli.commands; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

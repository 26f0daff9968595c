"""The plot of an evaluation: what other thresholds would give, and whether scores can be believed.

One picture for people who are no statisticians: every label is a plain phrase, and the sentence
at the top says what the lines show at the threshold in use.
"""

import io
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.errors import FaqbotError
from bot.matching.curves import threshold_curve
from bot.matching.evaluating import Figures, Judged, reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FORMATS = (".png", ".svg", ".pdf")
_MOST_NAME = 28

# Okabe and Ito's colours, which colour-blind people tell apart; line styles differ as well.
_BLUE, _ORANGE, _INK, _PALE = "#0072B2", "#D55E00", "#222222", "#767676"
_BANDS = {"no answer": "#E0E0E0", "suggests": "#FFECB3", "answers": "#CFEBDD"}

# Letters are large for the picture's size, so that it can be read on a phone.
_INCHES = (11.0, 7.2)
_DOTS_PER_INCH = 150
_HEAD, _TITLE, _TEXT = 18.0, 15.0, 13.5
_FEW_ANSWERS = 10
_LETTER = 0.0235
"""About how wide a letter of a band's name is, as a share of the panel's width."""


class PlotError(FaqbotError):
    """The plot cannot be written."""


def check_plot_path(path: Path) -> None:
    """Tell early what would keep a plot from being written, before hours of measuring.

    Raises:
        PlotError: no plot can be written there.
    """
    if path.suffix.lower() not in _FORMATS:
        raise PlotError(
            f"{path} does not say what kind of picture to draw: end its name in one of "
            f"{', '.join(_FORMATS)}."
        )
    if not path.parent.is_dir():
        raise PlotError(f"There is no folder {path.parent} for the plot: make it, or name another.")


def write_plot(path: Path, judged: Sequence[Judged], figures: Figures, name: str) -> None:
    """Draw what judged questions show, and write it to a file.

    Args:
        path: the file; the end of its name says what kind of picture it becomes.
        judged: at least one.
        figures: their figures.
        name: what the questions are called in the title.

    Raises:
        PlotError: the plot cannot be written.
    """
    check_plot_path(path)
    kind = path.suffix.lower()[1:]
    picture = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a script that the font lacks shows as boxes; there is nothing to do about it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        metadata = {"CreationDate" if kind == "pdf" else "Date": None} if kind != "png" else None
        draw(judged, figures, name).savefig(
            picture, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata
        )
    try:
        path.write_bytes(picture.getvalue())
    except OSError as error:
        raise PlotError(
            f"The plot cannot be written to {path} ({error.strerror}): name another file."
        ) from None


def draw(judged: Sequence[Judged], figures: Figures, name: str) -> "Figure":
    """Draw what judged questions show.

    Args:
        judged: at least one.
        figures: their figures.
        name: what the questions are called in the title.
    """
    # Of what it logs (a font cache is made, a folder cannot be written to) nothing is for users.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.figure import Figure  # noqa: PLC0415 - takes a second, and only plots need it

    figure = Figure(figsize=_INCHES, layout="constrained", facecolor="white")
    figure.suptitle(
        _headline(figures, name),
        x=0.01,
        horizontalalignment="left",
        fontsize=_HEAD,
        fontweight="bold",
        color=_INK,
        linespacing=1.7,
        parse_math=False,
    )
    explained = "Handled rightly: the right answer, or none where the FAQ has none."
    figure.text(0.01, 0.937, explained, fontsize=_TEXT, color=_INK, verticalalignment="top")
    left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.08})
    _draw_thresholds(left, judged, figures)
    _draw_reliability(right, judged, figures)
    return figure


def _headline(figures: Figures, name: str) -> str:
    short = name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 1].rstrip()}…"
    questions = "1 question" if figures.queries == 1 else f"{figures.queries:,} questions"
    return f"{short}: {_percent(figures.combined_accuracy)} of {questions} handled rightly\n"


def _draw_thresholds(axes: "Axes", judged: Sequence[Judged], figures: Figures) -> None:
    curve = threshold_curve(judged)
    _prepare(axes, "What if the threshold were different?", grid="white")
    axes.set_xlabel("threshold: the score needed to answer", fontsize=_TEXT)
    axes.set_ylabel("share", fontsize=_TEXT)
    low = min(max(figures.suggest_threshold, 0.0), 1.0)
    high = min(max(figures.threshold, low), 1.0)
    _draw_bands(axes, (0.0, low, high, 1.0))
    # The share of a handful of answers leaps up and down, and says nothing.
    told = curve.answered >= min(_FEW_ANSWERS, curve.answered.max(initial=0))
    right, answered = figures.answered_precision, figures.coverage
    label = "it answers nothing" if right is None else f"{_percent(right)} of its answers are right"
    _draw_line(axes, curve.thresholds[told], curve.precision[told], _BLUE, "-", label)
    if curve.coverage is not None and answered is not None:
        label = f"{_percent(answered)} of what it could answer is answered"
        # Above the last score nothing is answered.
        x, y = np.append(curve.thresholds, 1.0), np.append(curve.coverage, 0.0)
        _draw_line(axes, x, y, _ORANGE, "--", label)
    for share, colour in ((right, _BLUE), (answered, _ORANGE)):
        if share is not None:
            axes.plot(high, share, "o", color=colour, ms=11, mec="white", zorder=5, clip_on=False)
    varies = len({it.threshold for it in judged}) > 1
    used = f"threshold in use{', on average' if varies else ''}: {figures.threshold:.2f}"
    axes.axvline(high, color=_INK, linewidth=1.8, zorder=2, label=used)
    _add_legend(axes)


def _draw_line(  # noqa: PLR0913, PLR0917 - a line and its looks
    axes: "Axes",
    thresholds: npt.NDArray[np.float64],
    shares: npt.NDArray[np.float64],
    colour: str,
    style: str,
    label: str,
) -> None:
    # A share holds for all thresholds up to its own.
    x, y = [*([0.0] if len(shares) else []), *thresholds], [*shares[:1], *shares]
    axes.plot(x, y, style, color=colour, lw=3, drawstyle="steps-pre", zorder=3, label=label)


def _draw_bands(axes: "Axes", edges: Sequence[float]) -> None:
    """Colour what becomes of a question by its score, with the names in a row above."""
    bands = [
        (name, colour, start, end)
        for (name, colour), start, end in zip(_BANDS.items(), edges, edges[1:], strict=False)
        if end > start
    ]
    middles = spread_out(
        [(start + end) / 2 for _, _, start, end in bands],
        [_LETTER * (len(name) + 2) for name, *_ in bands],
    )
    for (name, colour, start, end), middle in zip(bands, middles, strict=True):
        axes.axvspan(start, end, color=colour, linewidth=0, zorder=0)
        axes.text(
            middle,
            1.045,
            name,
            transform=axes.transAxes,
            horizontalalignment="center",
            verticalalignment="center",
            fontsize=_TEXT,
            color=_INK,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": colour, "edgecolor": "none"},
        )


def spread_out(middles: Sequence[float], widths: Sequence[float]) -> list[float]:
    """Move labels in a row from 0 to 1 as little as it takes for none to overlap another.

    Args:
        middles: where the labels' middles should be, rising.
        widths: how wide they are, together no more than 1.
    """
    moved: list[float] = []
    edge = 0.0
    for middle, width in zip(middles, widths, strict=True):
        moved.append(max(middle, edge + width / 2))
        edge = moved[-1] + width / 2
    edge = 1.0
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], edge - widths[i] / 2)
        edge = moved[i] - widths[i] / 2
    return moved


def _draw_reliability(axes: "Axes", judged: Sequence[Judged], figures: Figures) -> None:
    bins = reliability(judged, figures.off_topic_share)
    _prepare(axes, "Can its scores be believed?", grid="#E4E4E4")
    is_pure = not figures.out_of_scope and any(it.off_topic for it in judged)
    meant = "were it known to be on topic" if is_pure else "a score of 0.6 is 60%"
    axes.set_xlabel(f"how sure it was ({meant})", fontsize=_TEXT)
    axes.set_ylabel("how often it was right", fontsize=_TEXT)
    ticks = axes.get_xticks()
    axes.set_xticks(ticks, [_percent(it) for it in ticks])
    for x, y, text, side in ((0.03, 0.96, "too modest", "left"), (0.97, 0.08, "too sure", "right")):
        axes.text(
            x, y, text, ha=side, va="center", fontsize=_TEXT, style="italic", color=_PALE, zorder=1
        )
    off = 100 * figures.calibration_error
    axes.plot(
        [0, 1], [0, 1], "--", color=_PALE, lw=2, zorder=2, label="ideal: right as often as sure"
    )
    most = max(it.count for it in bins)
    confidence, right = [it.confidence for it in bins], [it.right for it in bins]
    axes.vlines(confidence, confidence, right, color=_BLUE, linewidth=2.5, alpha=0.45, zorder=3)
    axes.scatter(
        confidence,
        right,
        s=[50 + 550 * it.count / most for it in bins],
        color=_BLUE,
        edgecolor="white",
        linewidth=1.2,
        zorder=4,
        clip_on=False,
        gid="dots",
    )
    told = f"faqbot: on average {off:.0f} points off"
    axes.plot([], [], "o", color=_BLUE, markersize=11, label=told)
    axes.plot([], [], " ", label="(the bigger, the more questions)")
    _add_legend(axes)


def _prepare(axes: "Axes", title: str, *, grid: str) -> None:
    axes.set_title(title, fontsize=_TITLE, fontweight="bold", loc="left", color=_INK, pad=34)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    axes.set_xticks(ticks)
    axes.set_yticks(ticks, [_percent(it) for it in ticks])
    axes.tick_params(labelsize=_TEXT, color=_PALE, labelcolor=_INK)
    axes.grid(axis="y", color=grid, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _add_legend(axes: "Axes") -> None:
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(-0.16, -0.17),
        fontsize=_TITLE,
        frameon=False,
        handlelength=1.8,
        borderaxespad=0,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"

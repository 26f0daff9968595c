"""Probabilistic linear discriminant analysis: which entry does a question's vector come from?

The two-covariance model (Ioffe 2006, ECCV; Brümmer and de Villiers 2010, Odyssey): an entry's
centre is drawn from N(mean, between), its phrasings from N(centre, within). Both covariances are
learnt from the FAQ, shrunk towards isotropic ones, and made diagonal together. An entry then has a
likelihood ratio against the question being about anything at all, however many phrasings it has.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.matching.segments import Floats, Segments
from bot.model import Vectors

_MOST_DIMENSIONS = 512
_SPANNED = 1e-6
# How many entries' worth of evidence the isotropic covariances count for.
_SHRINKAGE = 300.0
# What part of all variance is taken to lie within entries, and how many entries' worth that counts:
# one-phrasing FAQs show nothing of it.
_WITHIN_SHARE, _WITHIN_WEIGHT = 0.4, 10.0

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plda:
    """The model of one FAQ; d dimensions in, k of them kept."""

    mean: Singles
    """Shape (d,)."""
    basis: Singles
    """In which both covariances are diagonal and the one within is 1; shape (d, k)."""
    between: Singles
    """Variance of the centres in that basis, shape (k,)."""
    counts: npt.NDArray[np.int64]
    """Phrasings of each entry, shape (entries,)."""
    weighted_means: Singles
    """Expected centre of each entry times its precision, shape (entries, k)."""
    constants: Singles
    """What does not depend on the question, shape (entries,)."""
    precisions: Singles = field(init=False)
    """Inverse variances around a centre, by number of phrasings, shape (k, different numbers)."""
    size_of: npt.NDArray[np.int64] = field(init=False)
    """Each entry's column there, shape (entries,)."""

    def __post_init__(self) -> None:
        sizes, size_of = np.unique(self.counts, return_inverse=True)
        precisions = 1 / (1 + self.between / (sizes[:, None] * self.between + 1))
        object.__setattr__(self, "precisions", precisions.T.astype(np.float32))
        object.__setattr__(self, "size_of", size_of)

    @classmethod
    def fit(
        cls, vectors: Vectors, phrasings: Segments, projection: Singles | None = None
    ) -> "Plda":
        """Learn the model.

        Args:
            vectors: all phrasings, shape (phrasings, d).
            phrasings: which of them belong to which entry; none without any.
            projection: what `principal` gives for them, or for more of them.
        """
        counts = phrasings.lengths()
        data = vectors if projection is None else vectors @ projection
        mean = np.zeros(data.shape[1])
        for _, centroids in phrasings.row_means(data):
            mean += centroids.sum(axis=0)
        mean /= len(phrasings)
        between, within = _covariances(data, mean, phrasings)
        whitening = np.linalg.inv(np.linalg.cholesky(within)).T
        variances, rotation = np.linalg.eigh(whitening.T @ between @ whitening)
        variances = np.maximum(variances, 0.0)
        basis = whitening @ rotation
        weighted_means = np.empty((len(counts), len(variances)), np.float32)
        constants = np.empty(len(counts), np.float32)
        for entries, centroids in phrasings.row_means(data):
            weighted_means[entries], constants[entries] = placed(
                (centroids - mean) @ basis, counts[entries], variances
            )
        if projection is not None:
            mean, basis = projection @ mean, projection @ basis
        return cls(
            mean.astype(np.float32),
            basis.astype(np.float32),
            variances.astype(np.float32),
            counts,
            weighted_means,
            constants,
        )

    def log_likelihood_ratios(self, questions: Vectors) -> Floats:
        """Compare each entry with anything at all.

        Args:
            questions: shape (n, d).

        Returns:
            Natural logarithms over the square root of k, so that models of different sizes
            compare; shape (n, entries).
        """
        places = (questions - self.mean) @ self.basis
        squares = places * places
        anything = 0.5 * (squares / (1 + self.between)).sum(axis=1)
        spread = -0.5 * (squares @ self.precisions)[:, self.size_of]
        ratios = self.constants + spread + places @ self.weighted_means.T + anything[:, None]
        return np.asarray(ratios / np.sqrt(len(self.between)), dtype=np.float64)


def placed(
    centroids: Floats, counts: npt.NDArray[np.int64], variances: Floats
) -> tuple[Floats, Floats]:
    """Find what the model knows of entries.

    Args:
        centroids: of the entries' phrasings in the basis of the model, shape (entries, k).
        counts: how many phrasings they have, shape (entries,).
        variances: of the centres in that basis, shape (k,).

    Returns:
        The weighted means, shape (entries, k), and the constants, shape (entries,).
    """
    shrunk = counts[:, None] * variances
    expected = centroids * (shrunk / (shrunk + 1))
    precision = 1 / (1 + variances / (shrunk + 1))
    constants = 0.5 * (np.log(precision) - expected**2 * precision).sum(axis=1)
    return expected * precision, constants + 0.5 * np.log(1 + variances).sum()


def _covariances(
    data: npt.NDArray[np.float32], mean: Floats, phrasings: Segments
) -> tuple[Floats, Floats]:
    """Estimate the covariances between and within entries, every entry counting the same."""
    entries, dimensions = len(phrasings), len(mean)
    counts = phrasings.lengths()
    isotropic = np.eye(dimensions) / dimensions
    scatter, between = np.zeros((2, dimensions, dimensions))
    total = 0.0
    for runs, rows, inside in phrasings.blocks():
        exact, owners = data[rows].astype(np.float64), inside.owners()
        centroids = inside.means(exact.T).T
        weights = (1 / counts[runs])[owners][:, None]
        deviations = exact - centroids[owners]
        scatter += (deviations * weights).T @ deviations
        total += float((((exact - mean) ** 2) * weights).sum())
        around = centroids - mean
        between += around.T @ around
    # A one-phrasing entry shows nothing of what lies within, one of many phrasings all of it.
    shown = float((1 - 1 / counts).sum())
    total = max(total / entries, 1e-6)
    expected_trace = (np.trace(scatter) + _WITHIN_WEIGHT * _WITHIN_SHARE * total) / (
        shown + _WITHIN_WEIGHT
    )
    seen_trace = np.trace(scatter) / shown if shown else 0.0
    within = scatter + _SHRINKAGE * seen_trace * isotropic if seen_trace > 0 else isotropic
    within *= expected_trace / np.trace(within)
    within += 1e-6 * expected_trace * isotropic  # positive definite, whatever the data
    between = between / max(entries - 1, 1) - within * (1 / counts).mean()
    trace = max(total - expected_trace, 0.05 * total)
    seen_trace = float(np.trace(between))
    between *= trace / seen_trace if seen_trace > 0.01 * trace else 0.0
    between = (entries * between + _SHRINKAGE * trace * isotropic) / (entries + _SHRINKAGE)
    return between, within


def principal(vectors: Vectors) -> Singles | None:
    """Give the directions that hold most of long vectors; None where they are short.

    Returns:
        Orthonormal columns, shape (d, k), k at most 512 and no more than the vectors span.
    """
    if vectors.shape[1] <= _MOST_DIMENSIONS:
        return None
    data = vectors.astype(np.float64)
    # The eigenvectors of the smaller of the two products tell those of the other.
    if len(data) < data.shape[1]:
        values, left = np.linalg.eigh(data @ data.T)
    else:
        values, left = np.linalg.eigh(data.T @ data)
    spanned = np.flatnonzero(values > _SPANNED * values[-1])[-_MOST_DIMENSIONS:]
    directions = left[:, spanned]
    if len(data) < data.shape[1]:
        directions = data.T @ directions / np.sqrt(values[spanned])
    return np.asarray(directions, dtype=np.float32)

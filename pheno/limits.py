r"""Upper limits on a number of signal events from a number of counts, with background and uncertainties.

Counts are Poisson distributed. A background of mean :math:`b` known to :math:`\sigma_b` is averaged over a Gamma
distribution of that mean and width, and so is the signal over its relative uncertainty [Cousins:1991qz]: the count of
each is then negative binomial, of mean :math:`\mu` and shape :math:`r=(\mu/\sigma)^2`, and every sum below is finite.

============  =========================================================================================
method        limit: the signal s for which
============  =========================================================================================
``"cls"``     :math:`P(n\le n_{obs}|s+b)/P(n\le n_{obs}|b) = 1 - CL` [Read:2002hq]
``"exact"``   :math:`P(n\le n_{obs}|s+b) = 1 - CL`; 0 where the background alone is less likely than that
============  =========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln

from pheno import citations, experiments
from pheno.errors import DomainError, choice, nonnegative, scalar
from pheno.experiments import Counts, Experiment

__all__ = ["Limit", "branching_limit", "event_limit", "pyhf_workspace", "upper_limit"]

FloatArray = NDArray[np.float64]

_METHODS: Final = ("cls", "exact")
#: Quantiles of -2, -1, 0, 1, 2 standard deviations.
_BANDS: Final = (0.02275013194817921, 0.15865525393145705, 0.5, 0.8413447460685429, 0.9772498680518208)
#: Relative accuracy of a limit.
_RTOL: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Upper limit on the number of selected signal events.

    Parameters
    ----------
    observed
        From what was counted; None for a projection.
    expected
        If there is no signal: at -2, -1, 0, +1, +2 standard deviations of the count.
    confidence, method
        As of :func:`upper_limit`.
    """

    observed: float | None
    expected: tuple[float, float, float, float, float]
    confidence: float
    method: str

    @property
    def median(self) -> float:
        """Expected limit."""
        return self.expected[2]

    @property
    def value(self) -> float:
        """Observed limit, or the expected one of a projection."""
        return self.median if self.observed is None else self.observed


def _distribution(mean: float, deviation: float, last: int) -> FloatArray:
    """Probabilities of 0 ... ``last`` counts for a mean known to this standard deviation."""
    if mean == 0.0:
        return np.array([1.0] + [0.0] * last)
    if deviation == 0.0:
        return np.array([exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(last + 1)])
    shape = (mean / deviation) ** 2
    k = np.arange(last + 1)
    # rising factorial as a product of 1 + j/shape: differences of log Gamma lose all digits for a small deviation
    rising = np.concatenate([[0.0], np.cumsum(np.log1p(k[:-1] / shape))])
    logs = k * (log(mean) - np.log1p(mean / shape)) - shape * np.log1p(mean / shape) + rising - gammaln(k + 1.0)
    probabilities: FloatArray = np.exp(logs)
    return probabilities


def _at_most(counted: int, signal: float, signal_uncertainty: float, counts: Counts) -> float:
    """P(n <= counted)."""
    of_signal = _distribution(signal, signal * signal_uncertainty, counted)
    of_background = _distribution(counts.background, counts.background_uncertainty, counted)
    return float(np.dot(of_signal, np.cumsum(of_background)[::-1]))


def upper_limit(
    observed: int,
    background: float = 0.0,
    background_uncertainty: float = 0.0,
    *,
    signal_uncertainty: float = 0.0,
    confidence: float = 0.9,
    method: str = "cls",
) -> float:
    """Upper limit on the expected number of signal events.

    Parameters
    ----------
    observed
        Number of events counted.
    background, background_uncertainty
        Events expected without a signal, and their standard deviation.
    signal_uncertainty
        Relative standard deviation of the signal (efficiency, cross section, exposure).
    confidence
        Confidence level.
    method
        ``"cls"`` or ``"exact"``: see the module.

    Returns
    -------
    float
        The limit; relative accuracy 1e-12.

    Raises
    ------
    DomainError
        If a number is negative, ``observed`` is no whole number, the confidence is not between 0 and 1, or the method
        is unknown.

    Notes
    -----
    Without background and uncertainties both methods give the classical limit: 2.303, 3.890, 5.322 at 90 % for 0, 1, 2
    events.

    Examples
    --------
    >>> round(upper_limit(0), 4)
    2.3026
    >>> round(upper_limit(3, 1.0, 0.3, confidence=0.95), 3)
    6.817
    """
    if isinstance(observed, bool) or not isinstance(observed, int | np.integer) or observed < 0:
        msg = f"observed must be a whole number >= 0, got {observed!r}"
        raise DomainError(msg)
    counts = Counts(int(observed), scalar("background", background), background_uncertainty)
    uncertainty = scalar("signal_uncertainty", nonnegative("signal_uncertainty", signal_uncertainty))
    _check(confidence, method)
    citations.used("Read:2002hq")
    return _solve(int(observed), counts, uncertainty, confidence, method)


def _check(confidence: float, method: str) -> None:
    if not 0.0 < scalar("confidence", confidence) < 1.0:
        msg = f"confidence must be above 0 and below 1, got {confidence:g}"
        raise DomainError(msg)
    choice("method", method, _METHODS)


def _solve(counted: int, counts: Counts, uncertainty: float, confidence: float, method: str) -> float:
    alone = _at_most(counted, 0.0, 0.0, counts)
    target = (1.0 - confidence) * (alone if method == "cls" else 1.0)
    if alone <= target:
        return 0.0

    def excess(signal: float) -> float:
        return log(_at_most(counted, signal, uncertainty, counts) / target)

    high = 1.0
    while excess(high) > 0.0:
        high *= 2.0
    return float(brentq(excess, 0.0, high, rtol=_RTOL, xtol=1e-300))


def _quantiles(counts: Counts) -> list[int]:
    """Counts at the bands, if there is no signal."""
    last = 20
    while True:
        cumulative = np.cumsum(_distribution(counts.background, counts.background_uncertainty, last))
        if cumulative[-1] > _BANDS[-1]:
            return [int(np.searchsorted(cumulative, quantile)) for quantile in _BANDS]
        last *= 2


def event_limit(experiment: str | Experiment | Counts, *, confidence: float = 0.9, method: str = "cls") -> Limit:
    """Upper limit on the number of selected signal events of an experiment, observed and expected.

    Parameters
    ----------
    experiment
        Name or path of a card, an :class:`~pheno.experiments.Experiment`, or :class:`~pheno.experiments.Counts`.
    confidence, method
        As of :func:`upper_limit`.

    Returns
    -------
    Limit
        Observed (None for a projection) and expected limits.

    Raises
    ------
    DomainError
        As :func:`upper_limit`.
    CardError
        If a card cannot be read.

    Notes
    -----
    The expected limits are those of the counts at the quantiles of the distribution without signal: with few events
    they are steps. The signal's uncertainty is that of the card.

    Examples
    --------
    >>> limit = event_limit("na64e")
    >>> round(limit.observed, 2), [round(s, 2) for s in limit.expected]
    (2.33, [2.33, 2.33, 2.33, 3.56, 4.92])
    """
    _check(confidence, method)
    uncertainty = 0.0
    if isinstance(experiment, Counts):
        counts = experiment
    else:
        found = experiments.resolve(experiment)
        counts, uncertainty = found.counts, found.signature.efficiency_uncertainty
    citations.used("Read:2002hq")
    if uncertainty > 0.0 or counts.background_uncertainty > 0.0:
        citations.used("Cousins:1991qz")
    low_2, low_1, median, high_1, high_2 = (
        _solve(n, counts, uncertainty, confidence, method) for n in _quantiles(counts)
    )
    observed = None if counts.observed is None else _solve(counts.observed, counts, uncertainty, confidence, method)
    expected = (low_2, low_1, median, high_1, high_2)
    return Limit(observed=observed, expected=expected, confidence=confidence, method=method)


def branching_limit(
    experiment: str | Experiment,
    meson: str,
    *,
    confidence: float = 0.9,
    method: str = "cls",
    uncertainty: bool = True,
) -> float:
    r"""Upper limit on a branching ratio of a meson into nothing visible.

    .. math:: \mathrm{Br} < \frac{s_\mathrm{up}}{n_\pi\,\epsilon_{tr}\epsilon_\pi\epsilon_\eta\,\sigma/\sigma_{tot}}

    Parameters
    ----------
    experiment
        Name or path of a card with mesons, or an :class:`~pheno.experiments.Experiment`.
    meson
        Name of the meson: ``"eta"``.
    confidence, method
        As of :func:`upper_limit`.
    uncertainty
        Whether the uncertainty of the rate widens the limit.

    Returns
    -------
    float
        The limit. Where ``experiment.caution`` is not empty it is indicative: that of NA64h rests on a count which its
        card infers.

    Raises
    ------
    DomainError
        If the experiment makes no such meson.
    CardError
        If the card cannot be read.

    Examples
    --------
    >>> f"{branching_limit('na64h', 'eta', uncertainty=False):.2e}"
    '9.72e-05'
    """
    found = experiments.resolve(experiment)
    by_name = {entry.name: entry for entry in found.mesons}
    source = by_name[choice("meson", meson, by_name)]
    _check(confidence, method)
    counted = found.counts.observed if found.counts.observed is not None else _quantiles(found.counts)[2]
    spread = source.uncertainty if uncertainty else 0.0
    return _solve(counted, found.counts, spread, confidence, method) / (found.exposure * source.per_beam_particle)


def pyhf_workspace(experiment: str | Experiment, *, signal: float = 1.0) -> dict[str, Any]:
    """Return the counts of an experiment as a workspace of pyhf, which need not be installed.

    Parameters
    ----------
    experiment
        Name or path of a card, or an :class:`~pheno.experiments.Experiment`.
    signal
        Number of signal events that the signal strength ``mu`` = 1 stands for.

    Returns
    -------
    dict
        One channel with one bin: ``json.dump`` it, or give it to ``pyhf.Workspace``. A projection has the background,
        rounded, as its count.

    Raises
    ------
    DomainError
        If the signal is negative or a name unknown.
    CardError
        If a card cannot be read.

    Examples
    --------
    >>> pyhf_workspace("na64e")["observations"][0]["data"]
    [0.0]
    """
    found = experiments.resolve(experiment)
    counts = found.counts
    size = scalar("signal", nonnegative("signal", signal))
    modifiers: list[dict[str, Any]] = [{"name": "mu", "type": "normfactor", "data": None}]
    spread = found.signature.efficiency_uncertainty
    if spread > 0.0:
        data = {"hi": 1.0 + spread, "lo": max(1.0 - spread, 0.0)}
        modifiers.append({"name": "signal", "type": "normsys", "data": data})
    samples: list[dict[str, Any]] = [{"name": "signal", "data": [size], "modifiers": modifiers}]
    if counts.background > 0.0:
        of_background = []
        if counts.background_uncertainty > 0.0:
            of_background = [{"name": "background", "type": "shapesys", "data": [counts.background_uncertainty]}]
        samples.append({"name": "background", "data": [counts.background], "modifiers": of_background})
    observed = round(counts.background) if counts.observed is None else counts.observed
    return {
        "channels": [{"name": found.name, "samples": samples}],
        "observations": [{"name": found.name, "data": [float(observed)]}],
        "measurements": [{"name": "limit", "config": {"poi": "mu", "parameters": []}}],
        "version": "1.0.0",
    }

"""Logistic regression with an L2 penalty, of two answers or of many: the one optimum, whatever the machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STEPS = 60
LONG = 20_000
FLAT = 1e-6  #: the largest slope at which a multinomial optimum is taken as reached
CLOSE = 1e-10  #: the largest step, in any weight, at which the optimum is taken as reached


def fit(inputs: Array, answers: Array, penalty: float, free: int | None = None) -> Array:
    """The weights that minimise the log loss of ``answers`` (n, of 0 and 1) over ``inputs`` (n, d), plus
    ``penalty / 2`` times their squared length.

    ``free`` is the column of the bias, which is not penalised. The loss is strictly convex, so that the answer does not
    depend on where one starts. Raises ArithmeticError where the optimum is not reached.
    """
    penalties = np.full(inputs.shape[1], penalty)
    if free is not None:
        penalties[free] = 1e-6
    weights = np.zeros(inputs.shape[1])
    loss = _loss(inputs, answers, weights, penalties)
    for _ in range(STEPS):
        chances = probability(inputs, weights)
        slope = inputs.T @ (chances - answers) + penalties * weights
        curve = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + np.diag(penalties)
        step = np.linalg.solve(curve, slope)
        if np.abs(step).max() < CLOSE:
            return weights - step
        size = 1.0
        while size > 1e-6 and (new := _loss(inputs, answers, weights - size * step, penalties)) > loss + 1e-12 * abs(
            loss
        ):
            size /= 2
        weights, loss = weights - size * step, new
    raise ArithmeticError(f"logistic regression: no optimum within {STEPS} steps")


def fit_shares(inputs: Array, shares: Array, penalty: float) -> Array:
    """The weights (k, d) of a multinomial model that minimise the cross entropy with ``shares`` (n, k; each row adds up to
    1) plus ``penalty / 2`` times their squared length.

    By Nesterov's accelerated gradient, begun anew wherever it overshoots (O'Donoghue and Candès 2015): it needs no more
    than NumPy. Raises ArithmeticError where the optimum is not reached.
    """
    rate = 1 / (0.5 * np.linalg.eigvalsh(inputs.T @ inputs)[-1] + penalty)
    weights: Array = np.zeros((shares.shape[1], inputs.shape[1]))
    ahead, momentum = weights, 1.0
    for _ in range(LONG):
        slope = (chances(inputs, ahead) - shares).T @ inputs + penalty * ahead
        new: Array = ahead - rate * slope
        step = new - weights
        if np.abs(slope).max() < FLAT:
            return new
        if (slope * step).sum() > 0:
            momentum = 1.0
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / faster * step
        weights, momentum = new, faster
    raise ArithmeticError(f"multinomial regression: no optimum within {LONG} steps")


def chances(inputs: Array, weights: Array) -> Array:
    """The probability of each answer for each row of ``inputs``; a row adds up to 1."""
    scores = inputs @ weights.T
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = grown / grown.sum(axis=1, keepdims=True)
    return shares


def probability(inputs: Array, weights: Array) -> Array:
    """The probability of 1 for each row of ``inputs``."""
    chances: Array = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
    return chances


def _loss(inputs: Array, answers: Array, weights: Array, penalties: Array) -> float:
    scores = inputs @ weights
    return float(np.logaddexp(0, scores).sum() - answers @ scores + 0.5 * (penalties * weights**2).sum())

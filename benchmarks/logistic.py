"""Logistic regression in numpy, for the small models that the project learns."""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def fit_logistic(
    features: Doubles,
    labels: Doubles,
    *,
    ridge: float,
    offset: Doubles | float = 0.0,
    sample_weights: Doubles | float = 1.0,
    steps: int = 12,
) -> Doubles:
    """Weights of (n, d) features, the intercept last and unpenalised, by Newton's method; `ridge` times half their
    squares is added to the summed loss. `offset` is what is already known of each row's logit."""
    inputs = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.full(inputs.shape[1], ridge)
    penalty[-1] = 1e-6
    weights = np.zeros(inputs.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-(inputs @ weights + offset)))
        gradient = inputs.T @ (sample_weights * (chance - labels)) + penalty * weights
        curvature = (inputs * (sample_weights * chance * (1 - chance) + 1e-9)[:, None]).T @ inputs + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-3:
            break
    return weights

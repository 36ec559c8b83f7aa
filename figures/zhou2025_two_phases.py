"""The run of Figure 4a of Zhou et al. (2025), which Figure 4c goes on from: gradient descent, then SAM, in one valley.

Notes:
    At a minimum (u, 0) the Hessian is diag(0, s) with s = tanh(u)^2. There full-batch SAM with unnormalised ascent
    multiplies v by 1 - eta s (1 + rho s), so that it stays where s (1 + rho s) < 2 / eta.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Example 4.1, Table 1, Figure 4.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Parameter, Settings

if TYPE_CHECKING:
    from ..dynamics.records import Trajectories

RUN = {
    "start": Parameter((2.5, 1.5), "ours"),
    "eta": Parameter(1.9, "ours"),
    "rho": Parameter(0.5, "ours", "ascent by rho times the gradient, Eq. 4"),
    "steps_gd": Parameter(50, "ours"),
    "steps_sam": Parameter(100, "ours"),
    "steps_long": Parameter(1000, "ours", "steps of SAM after which its limit is read off"),
}
"""The set-up, of which the paper states nothing."""


def run(settings: Settings) -> "Trajectories":
    """Gradient descent for `steps_gd` steps, then SAM for `steps_long`: iterates and losses at every step."""
    from ..dynamics.methods import make_rule
    from ..dynamics.switch import switch
    from ..dynamics.trajectories import trajectories
    from ..landscapes.tanh_tanh import TANH_TANH

    eta, before = settings["eta"], settings["steps_gd"]
    rule = switch(make_rule("gd", eta), make_rule("usam", eta, rho=settings["rho"]), before)
    steps = before + settings["steps_long"]
    return trajectories(TANH_TANH, rule, settings["start"], steps, observables=("w", "full_loss"))


def across(u: np.ndarray) -> np.ndarray:
    """Sharpness tanh(u)^2 of the minimum (u, 0)."""
    return np.tanh(u) ** 2


def factor(eta: float, rho: float, s: float) -> float:
    """What SAM multiplies v by near a minimum of sharpness s."""
    return 1 - eta * s * (1 + rho * s)


def threshold(eta: float, rho: float) -> float:
    """The largest sharpness at which full-batch SAM stays: s (1 + rho s) = 2 / eta; 2 / eta without a radius."""
    return 2 / eta if rho == 0 else (math.sqrt(1 + 8 * rho / eta) - 1) / (2 * rho)

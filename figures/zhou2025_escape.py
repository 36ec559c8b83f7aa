"""SGD, then SAM on batches of one example: the runs of Figures 4b and 16 of Zhou et al. (2025), scaled down.

Notes:
    Beside a minimum (u, 0) the update is linear in v: with a_i = tanh(u x_i), outer example i and inner example j,
    v <- v (1 - eta a_i^2 (1 + rho a_j^2)). Its mean square says how the expected loss grows, its mean logarithm how
    the loss of nearly every path does; the two differ, and paths that die out under SGD may grow in the mean.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Section 4.1, Corollary 4.2, Appendix C.1.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .paper_figure import Parameter, Settings

if TYPE_CHECKING:
    from ..dynamics.records import Trajectories

RUN = {
    "examples": Parameter(10, "ours", "inputs evenly spaced from 0.2 to 2, targets 0"),
    "start": Parameter((2.5, 1.0), "ours"),
    "eta": Parameter(2.2, "ours"),
    "rho": Parameter(0.5, "ours", "ascent by rho times the gradient"),
    "steps_sgd": Parameter(150, "ours"),
    "steps_sam": Parameter(300, "ours"),
    "seeds": Parameter(100, "paper"),
    "seed": Parameter(0, "ours"),
}
"""The set-up; batches are of one example, with independent inner and outer ones (Eq. 7)."""
DISPLACED = 1e-3
"""Where the linear update is measured: v so small that tanh is linear to one part in a million."""
SETTLED = 1e-12
"""Seeds below this loss at the switch have twenty steps before them in which the update is linear."""


def run(settings: Settings) -> "Trajectories":
    """Iterates, and losses on all examples, of every seed at every step; the switch is at step `steps_sgd`."""
    from ..dynamics.methods import make_rule
    from ..dynamics.switch import switch
    from ..dynamics.trajectories import trajectories
    from ..landscapes.tanh_tanh_sum import tanh_tanh_sum

    eta, before = settings["eta"], settings["steps_sgd"]
    rule = switch(make_rule("gd", eta), make_rule("usam_independent", eta, rho=settings["rho"]), before)
    return trajectories(
        tanh_tanh_sum(settings["examples"]), rule, np.tile(settings["start"], (settings["seeds"], 1)),
        before + settings["steps_sam"], observables=("w", "full_loss"), key=settings["seed"], batch_size=1,
    )  # fmt: skip


class Local(NamedTuple):
    """What theory says of SAM near the minima (u, 0), one entry per u.

    Attributes:
        gamma: Assumption 4.1's, measured there.
        norm: Frobenius norm of the Hessian.
        bound: C of Corollary 4.2, for batches of one example.
        bound_sgd: The same without a radius.
        growth: Expected loss after one step over the loss before it, over all pairs of examples.
        logarithm: Mean of its logarithm over the pairs.
        logarithm_spread: Standard deviation of that.
    """

    gamma: np.ndarray
    norm: np.ndarray
    bound: np.ndarray
    bound_sgd: np.ndarray
    growth: np.ndarray
    logarithm: np.ndarray
    logarithm_spread: np.ndarray


def local(u: np.ndarray, examples: int, eta: float, rho: float) -> Local:
    """Measure, at (u, `DISPLACED`), what theory says of SAM there; u of shape (N,)."""
    gamma, square, ratio = (np.asarray(x) for x in _measuring(examples, eta, rho)(np.asarray(u, float)))
    sgd = eta**2 * gamma * square
    logs = np.log(ratio)
    bound = sgd * (1 + rho**2 * gamma * square)
    return Local(gamma, np.sqrt(square), bound, sgd, ratio.mean(axis=1), logs.mean(axis=1), logs.std(axis=1))


@cache
def _measuring(examples: int, eta: float, rho: float) -> Any:
    """The compiled function from u, shape (N,), to gamma, ||H||_F^2 and the loss's growth for every pair."""
    import jax
    import jax.numpy as jnp

    from ..dynamics.methods import make_rule
    from ..dynamics.objective import Batches, objective_of
    from ..landscapes.calculus import hessian
    from ..landscapes.gradient_noise import noise_covariance
    from ..landscapes.tanh_tanh_sum import tanh_tanh_sum

    landscape = tanh_tanh_sum(examples)
    rule, objective = make_rule("usam_independent", eta, rho=rho), objective_of(landscape)
    outer, inner = (x.ravel() for x in np.indices((examples, examples)))

    def measure(u: Any) -> tuple[Any, Any, Any]:
        w = jnp.stack([u, jnp.full_like(u, DISPLACED)])
        h = hessian(landscape, jnp.stack([u, jnp.zeros_like(u)]))
        before, square = landscape.value(w), jnp.sum(h**2)
        gamma = jnp.trace(noise_covariance(landscape, w) @ h) / (2 * before * square)

        def after(i: Any, j: Any) -> Any:
            step = rule.step(objective, w, rule.init(w), Batches(i[None], j[None]))
            return landscape.value(step.params)

        return gamma, square, jax.vmap(after)(outer, inner) / before

    return jax.jit(jax.vmap(measure))


def rise(mean: np.ndarray) -> tuple[int, float, float]:
    """The exponential rise of a curve of positive numbers: up to a tenth of its peak.

    Returns:
        Its last step, the fitted factor per step, and R² of the fit in logarithms.
    """
    last = int(np.argmax(mean > mean.max() / 10))
    if last < 2:
        return last, float("nan"), float("nan")
    step, height = np.arange(last + 1), np.log(mean[: last + 1])
    return last, float(np.exp(np.polyfit(step, height, 1)[0])), float(np.corrcoef(step, height)[0, 1] ** 2)

"""Update rules in any arithmetic: what a family's `measure` steps, so that a find can be settled in rationals or balls.

The package's rules live in `dynamics` and compute in JAX alone; these are the same formulas on tuples of numbers, and
`replay` runs the package's own, which every family that steps a rule compares with.

References:
    Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
    Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. ICML. Eq. (3).
    Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy. Algorithm 1.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .arithmetic import Arithmetic

if TYPE_CHECKING:
    import numpy as np

Point = tuple[Any, ...]
Gradient = Callable[[Point], Point]


def gd(w: Point, gradient: Gradient, eta: Any) -> Point:
    """w⁺ = w - eta g(w)."""
    return moved(w, gradient(w), -eta)


def usam(w: Point, gradient: Gradient, eta: Any, rho: Any, inner: Gradient | None = None) -> Point:
    """w⁺ = w - eta g(w + rho g'(w)): unnormalised SAM.

    Args:
        w: Coordinates.
        gradient: Of the outer batch.
        eta: Step size.
        rho: Ascent step, in units of eta.
        inner: Gradient of the inner batch, g'; by default the outer one.
    """
    return moved(w, gradient(moved(w, (inner or gradient)(w), rho)), -eta)


def sam(w: Point, gradient: Gradient, eta: Any, rho: Any, m: Arithmetic, inner: Gradient | None = None) -> Point:
    """w⁺ = w - eta g(w + rho g'/||g'||): SAM; g' = 0 divides by zero, and is no instance."""
    ascent = (inner or gradient)(w)
    return moved(w, gradient(moved(w, ascent, rho / m.norm(*ascent))), -eta)


def stable_sam(w: Point, gradient: Gradient, eta: Any, rho: Any, m: Arithmetic) -> Point:
    """w⁺ = w - eta (||g|| / ||g_adv||) g_adv at w_adv = w + rho g/||g||."""
    g = gradient(w)
    g_adv = gradient(moved(w, g, rho / m.norm(*g)))
    return moved(w, g_adv, -eta * m.norm(*g) / m.norm(*g_adv))


def moved(w: Point, direction: Point, length: Any) -> Point:
    """w + length * direction."""
    return tuple(a + length * b for a, b in zip(w, direction, strict=True))


def difference(a: Point, b: Point) -> Point:
    """a - b."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def dot(a: Point, b: Point) -> Any:
    """Inner product."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def square(a: Point) -> Any:
    """Squared Euclidean length."""
    return dot(a, a)


def replay(
    method: str,
    loss: Callable[..., Any],
    w: Sequence[float],
    eta: float,
    histories: Sequence[tuple[Any, Any]],
    **numbers: Any,
) -> "np.ndarray":
    """A trajectory by the package's own rules, in float64.

    Args:
        method: A name in `dynamics.methods.METHODS`.
        loss: ``loss(w, batch)``, w of shape (d,), in JAX; `batch` is what `histories` gives, or None.
        w: Start, d coordinates.
        eta: Step size.
        histories: For each step the outer and the inner batch; ``[(None, None)] * steps`` for a loss without samples.
        **numbers: The method's other numbers, such as ``rho``, and options.
    Returns:
        The path, shape (steps + 1, d).
    """
    import jax.numpy as jnp
    import numpy as np

    from ..dynamics.methods import make_rule
    from ..dynamics.objective import Batches, Objective

    rule = make_rule(method, eta, **numbers)
    objective = Objective(loss)
    at = jnp.asarray(w, float)
    state = rule.init(at)
    path = [np.asarray(at)]
    for outer, inner in histories:
        step = rule.step(objective, at, state, Batches(outer, inner))
        at, state = step.params, step.state
        path.append(np.asarray(at))
    return np.stack(path)

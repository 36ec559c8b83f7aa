r"""SAM's flows on diagonal linear networks: their field at a point, and paths that have a closed form.

    l_i(w) = (<beta, x_i> - y_i)²/4,    beta = w_+² - w_-²,    L = (1/n) sum_i l_i    (Eq. 5)

    n-SAM   dw/dt = -grad L(w + rho grad L(w))                          (Eq. 10)
    1-SAM   dw/dt = -(1/n) sum_i grad l_i(w + rho grad l_i(w))          (Eq. 11)

Whatever the flow, beta = 2 a² sinh(z) with a² = w_+ w_- and z = log(w_+/w_-), so that a plays the part of the scale of
initialisation in b_alpha(z) = 2 alpha² sinh(z). Its logarithm falls at a rate that is a cubic in rho without constant
term, which three values determine.

The paths: n examples on disjoint coordinates, the first on two. With tau = -(1/n) int r_1 ds the gradient flow has
beta_j = 2 alpha_j² sinh(2 x_j tau), and the integral of r_1² is n times that of -r_1 by tau.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..family import Number
from ..stepping import Point, moved

Sample = tuple[Point, Any]
"""An input, d numbers, and its target."""

POINT = (
    *(Number(name, 1e-1, 1e1) for name in ("p1", "p2", "q1", "q2")),
    *(Number(name, 1e-1, 1e1, "signed log") for name in ("x11", "x12", "x21", "x22", "y1", "y2")),
)  # fmt: skip
"""A point w_+ = p, w_- = q (both stay positive from a positive start) and two examples in two dimensions."""
PATH = (
    Number("x1", 0.3, 3, "signed log"), Number("x2", 0.3, 3, "signed log"), Number("alpha_1", 0.1, 2),
    Number("alpha_2", 0.1, 2), Number("tau", 0.05, 1),
)  # fmt: skip
"""Of a closed path: the inputs of the first example, the start, and tau at its end, which says what y is."""


def residual(w: Point, sample: Sample) -> Any:
    """<beta, x> - y at w = (w_+, w_-)."""
    x, y = sample
    d = len(x)
    return sum(x[j] * (w[j] ** 2 - w[d + j] ** 2) for j in range(d)) - y


def gradient(w: Point, samples: Sequence[Sample]) -> Point:
    """Of the mean of l_i over `samples`: the derivative of r²/4 by w is r times that of <beta, x>/2, x w."""
    total = [0] * len(w)
    for sample in samples:
        r, (x, _) = residual(w, sample), sample
        slope = [*(r * x[j] * w[j] for j in range(len(x))), *(-r * x[j] * w[len(x) + j] for j in range(len(x)))]
        total = [a + b for a, b in zip(total, slope, strict=True)]
    return tuple(a / len(samples) for a in total)


def field(kind: str, w: Point, samples: Sequence[Sample], rho: Any) -> Point:
    """dw/dt of Eq. 10 ("n_sam") or Eq. 11 ("one_sam")."""
    groups = [samples] if kind == "n_sam" else [(sample,) for sample in samples]
    slopes = [gradient(moved(w, gradient(w, group), rho), group) for group in groups]
    return tuple(-sum(parts) / len(groups) for parts in zip(*slopes, strict=True))


def decline(kind: str, w: Point, samples: Sequence[Sample], rho: Any) -> list[Any]:
    """-d/dt log sqrt(w_+ w_-), coordinate by coordinate."""
    velocity, d = field(kind, w, samples, rho), len(w) // 2
    return [-(velocity[j] / w[j] + velocity[d + j] / w[d + j]) / 2 for j in range(d)]


def decline_by_radius(kind: str, w: Point, samples: Sequence[Sample], m: Arithmetic) -> list[Any]:
    """The derivative of `decline` by rho at rho = 0: f(h), f(2h), f(3h) of a cubic without constant term give it."""
    size = sum(
        sum(a * a for a in x) * sum(a * a for a in w) + m.abs(residual(w, (x, y))) * sum(m.abs(a) for a in x)
        for x, y in samples
    )
    once, twice, thrice = (decline(kind, w, samples, k / size) for k in (1, 2, 3))
    return [size * (3 * a - 3 * b / 2 + c / 3) for a, b, c in zip(once, twice, thrice, strict=True)]


def at_point(x: SimpleNamespace) -> tuple[Point, tuple[Sample, ...]]:
    """w and the examples, from the numbers of `POINT`."""
    return (x.p1, x.p2, x.q1, x.q2), (((x.x11, x.x12), x.y1), ((x.x21, x.x22), x.y2))


def integrand(kind: str, w: Point, samples: Sequence[Sample]) -> list[Any]:
    """What the theorems integrate, by coordinate: (X'r)² for n-SAM, sum_i x_i² r_i² for 1-SAM."""
    parts = [[x[j] * residual(w, (x, y)) for x, y in samples] for j in range(len(w) // 2)]
    return [sum(p) ** 2 if kind == "n_sam" else sum(a * a for a in p) for p in parts]


def slope_at_point(kind: str) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    """First coordinate: the derivative by rho of the rate of decline, and the theorem's integrand."""

    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        w, samples = at_point(x)
        return {"slope": decline_by_radius(kind, w, samples, m)[0], "square": integrand(kind, w, samples)[0]}

    return measure


def slope_by_jax(kind: str) -> Callable[[SimpleNamespace], dict[str, float]]:
    """The same from the package's own field, differentiated by JAX."""

    def replayed(x: SimpleNamespace) -> dict[str, float]:
        import jax
        import jax.numpy as jnp

        from ...dynamics.vector_field import velocity
        from ...landscapes.diagonal_network import DiagonalNetwork

        w, samples = at_point(x)
        inputs, targets = (jnp.array([sample[k] for sample in samples], float) for k in (0, 1))
        at = jnp.array(w, float)
        name = "usam" if kind == "n_sam" else kind  # what the package calls n-SAM
        by_radius = jax.jacfwd(lambda rho: velocity(DiagonalNetwork(inputs, targets), name, rho, at))(0.0)
        ahead = inputs[:, 0] * (inputs @ (at[:2] ** 2 - at[2:] ** 2) - targets)
        square = jnp.sum(ahead) ** 2 if kind == "n_sam" else jnp.sum(ahead**2)
        return {"slope": float(-(by_radius[0] / at[0] + by_radius[2] / at[2]) / 2), "square": float(square)}

    return replayed


def closed_path(kind: str, x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Of the first example's coordinates, at the end of a path; all derivatives by rho are those at rho = 0.

    Returns:
        "square_j", the theorem's integral along the gradient flow; "slope_j", d log(alpha_j/a_j)/d rho; "beta_j" and
        "shift_j", the solution and its derivative.
    """
    xs, alphas = (x.x1, x.x2), (x.alpha_1, x.alpha_2)
    sinh, cosh = ([f(2 * a * x.tau) for a in xs] for f in (m.sinh, m.cosh))
    beta = [2 * a * a * s for a, s in zip(alphas, sinh, strict=True)]
    y = sum(a * b for a, b in zip(xs, beta, strict=True))
    by_tau = y * x.tau - sum(a * a * (c - 1) for a, c in zip(alphas, cosh, strict=True))
    square = [a * a * x.n * by_tau for a in xs]
    # the ascent of n-SAM is by the gradient of the mean, 1/n of that of the one example that these coordinates see
    slope = [s / x.n**2 if kind == "n_sam" else s / x.n for s in square]
    # beta_j = 2 a_j² sinh(2 x_j tau) stays on sum_j x_j beta_j = y, which moves the end in tau
    moved_by = sum(x_ * a * a * e * s for x_, a, e, s in zip(xs, alphas, slope, sinh, strict=True)) / sum(
        x_ * x_ * a * a * c for x_, a, c in zip(xs, alphas, cosh, strict=True)
    )
    shift = [
        4 * a * a * (x_ * moved_by * c - e * s) for x_, a, e, s, c in zip(xs, alphas, slope, sinh, cosh, strict=True)
    ]
    named = {"square": square, "slope": slope, "beta": beta, "shift": shift, "sinh": sinh, "cosh": cosh}
    return {f"{name}_{j + 1}": values[j] for name, values in named.items() for j in (0, 1)} | {"y": y}


def multipliers(found: dict[str, Any], x: SimpleNamespace, factor: Any) -> list[Any]:
    """d/d rho of arcsinh(beta_j/(2 alpha_j²))/x_j with alpha_j moved by -alpha_j factor square_j: equal for the two
    coordinates if and only if the solution minimises that potential, to first order in rho.
    """
    return [
        (found[f"shift_{j}"] / (2 * alpha**2) + 2 * factor * found[f"square_{j}"] * found[f"sinh_{j}"])
        / found[f"cosh_{j}"]
        / a
        for j, a, alpha in ((1, x.x1, x.alpha_1), (2, x.x2, x.alpha_2))
    ]

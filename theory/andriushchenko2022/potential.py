r"""What gradient flow on a diagonal linear network minimises (Andriushchenko and Flammarion 2022, Theorem 3).

Problem and assumptions: the squared parameter problem of Eq. 5 (see `diagonal_flow`), whose flow arrives at X beta = y.

Algorithm: gradient flow (Eq. 9) from w_+ = w_- = alpha > 0.

Statement as printed: beta_inf = argmin phi_alpha(beta) subject to X beta = y, with phi_alpha(beta) = sum_i alpha_i²
q(beta_i/alpha_i²) and q(z) = int_0^z arcsinh(u/2) du = 2 - sqrt(4 + z²) + z arcsinh(z/2) (Eqs. 12 and 13).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Theorem 3, Eqs. 12, 13.
    [2] Woodworth et al. (2020). Kernel and rich regimes in overparametrized models. Theorem 1.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.simulation import Measurement, simulated
from ..checks.symbolic import derivative, identity
from ..claim import Claim, Source, Symbol
from ..family import Family, Number
from .diagonal_flow import PATH, closed_path

Q = "2 - sqrt(4 + z**2) + z*asinh(z/2)"


def potential(beta: Any, alpha: Any, m: Arithmetic) -> Any:
    """One term of phi_alpha."""
    z = beta / alpha**2
    return alpha**2 * (2 - m.sqrt(4 + z * z) + z * m.arcsinh(z / 2))


def _solution(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    found = closed_path("n_sam", x, m)
    one, two = found["beta_1"], found["beta_2"]
    size = m.abs(one) + m.abs(two)
    other = one + x.off * size * x.x2, two - x.off * size * x.x1
    return {
        "reached": potential(one, x.alpha_1, m) + potential(two, x.alpha_2, m),
        "other": potential(other[0], x.alpha_1, m) + potential(other[1], x.alpha_2, m),
    }  # fmt: skip


def multipliers_of_flow(budget: Any) -> list[Measurement]:
    """Gradient flow for two examples in three dimensions: the gradient of phi has no part in the null space of X."""
    import numpy as np

    from ...dynamics.flow import flow
    from ...landscapes.diagonal_network import DiagonalNetwork

    x = np.array([[1.0, -0.5, 0.7], [0.3, 1.2, -0.4]])
    network, rows = DiagonalNetwork(x, x @ np.array([0.8, -0.3, 0.1])), []
    null = np.cross(*x) / np.linalg.norm(np.cross(*x))
    for alpha in (np.array([0.2, 0.2, 0.2]), np.array([0.1, 0.4, 0.9])):
        end = flow(network, np.asarray(network.start(alpha)), 400.0, record=1, rtol=1e-10, atol=1e-12)
        w = end["w"].values.reshape(-1, 6)[-1]
        slope = np.arcsinh((w[:3] ** 2 - w[3:] ** 2) / (2 * alpha**2))
        # a relative tolerance of 1e-10 a step, some hundred steps
        rows.append(Measurement(f"alpha = {alpha}", float(null @ slope), 1e-8, 0.0))
        miss = float(np.abs(x @ (w[:3] ** 2 - w[3:] ** 2) - network.y).max())
        rows.append(Measurement(f"|X beta - y|, alpha = {alpha}", miss, 1e-8, 0.0))
    return rows


THEOREM = Claim(
    id="andriushchenko2022.thm-3",
    title="Gradient flow on a diagonal linear network minimises phi_alpha among all interpolators",
    source=Source("andriushchenko2022", "Theorem 3", "Appendix B, Eqs. 12 and 13"),
    statement=r"If the solution $\beta_\infty$ of the gradient flow (9) started from "
    r"$w_+=w_-=\alpha\in\mathbb{R}^d_{>0}$ for the squared parameter problem in Eq. (5) "
    r"satisfies $X\beta_\infty = y$, then $\beta_\infty = "
    r"\arg\min_\beta \phi_\alpha(\beta)$ s.t. $X\beta = y$, $\phi_\alpha(\beta) = \sum_i \alpha_i^2 "
    r"q(\beta_i/\alpha_i^2)$, $q(z) = 2-\sqrt{4+z^2}+z\,\mathrm{arcsinh}(z/2)$.",
    symbols=(
        Symbol("alpha_1", "initialisation", "alpha_1 > 0", "w", r"\alpha_1"),
        Symbol("alpha_2", "initialisation", "alpha_2 > 0", "w", r"\alpha_2"),
        Symbol("off", "distance of another interpolator", "off != 0"),
        Symbol("reached", "phi_alpha of the flow's end", "", "w**2", measured=True),
        Symbol("other", "phi_alpha of another beta that gives the same output", "", "w**2", measured=True),
    ),
    hypotheses=(),
    conclusion="reached < other",
    families=(
        Family(
            "one of n examples, two coordinates", (*PATH, Number("off", 1e-2, 1e1, "signed log")), _solution,
            ({"n": 1}, {"n": 2}),
        ),
    ),
    checks=(
        derivative(Q, "z", "asinh(z/2)", "q is an integral of arcsinh(u/2)", "the potential", given=""),
        identity("2 - sqrt(4 + 0) + 0*asinh(0)", "0", "q(0) = 0", "the potential", given=""),
        derivative(
            "a**2*(2 - sqrt(4 + (b/a**2)**2) + b/a**2*asinh(b/(2*a**2)))", "b", "asinh(b/(2*a**2))",
            "the gradient of phi_alpha is the inverse of b_alpha(z) = 2 alpha² sinh(z)", "the potential",
            given="a > 0",
        ),
        simulated(multipliers_of_flow, "Lagrange multipliers at the end of gradient flow", "flow"),
    ),
    reading="The minimiser is the only one, phi_alpha being strictly convex.",
)  # fmt: skip
CLAIMS = (THEOREM,)

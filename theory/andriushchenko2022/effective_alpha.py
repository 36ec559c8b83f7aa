r"""The effective scale of initialisation of n-SAM (Andriushchenko and Flammarion 2022, Theorem 4).

Problem and assumptions: the squared parameter problem of Eq. 5 (see `diagonal_flow`), whose flow arrives at X beta = y.

Algorithm: the n-SAM flow (Eq. 10) from w_+ = w_- = alpha > 0.

Statement as printed: beta_inf = argmin phi_a(beta) subject to X beta = y, where a = alpha exp(-(2 rho/n²) int (X'r)² ds
+ O(rho²)). To first order in rho: the solution minimises that potential if and only if arcsinh(beta_j/(2 a_j²))/x_j has
the same derivative by rho for both coordinates of an example that sees two.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Theorem 4, Eqs. 5, 14.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.consistency import consistency
from ..checks.symbolic import derivative
from ..claim import Claim, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from .diagonal_flow import (
    PATH,
    POINT,
    at_point,
    closed_path,
    gradient,
    multipliers,
    residual,
    slope_at_point,
    slope_by_jax,
)
from .measured_exponents import exponents_are

SOURCE = Source("andriushchenko2022", "Theorem 4", "Appendix B.1, Eq. 14")
STATEMENT = (
    r"If the solution $\beta_\infty$ of the n-SAM gradient flow (10) started from $w_+=w_-=\alpha\in\mathbb{R}^d_{>0}$ "
    r"for the squared parameter problem in Eq. (5) satisfies $X\beta_\infty=y$, then $\beta_\infty = \arg\min_\beta "
    r"\phi_{\alpha_{n\text{-SAM}}}(\beta)$ s.t. $X\beta=y$, where $\alpha_{n\text{-SAM}} = \alpha\odot\exp\left("
    r"-\frac{2\rho}{n^2}\int_0^\infty(X^\top r_s)^2ds + O(\rho^2)\right)$."
)
BECAUSE = (
    "the line before Eq. 14 has beta = 2 alpha² exp(-(2 rho/n²) int ...) sinh(...), which is 2 a² sinh(...) for a = "
    "alpha exp(-(rho/n²) int ...)"
)
LATEX = (
    r"\alpha_{n\text{-SAM}} = \alpha\odot\exp\left(-\frac{\rho}{n^2}\int_0^\infty(X^\top r_s)^2ds + O(\rho^2)\right)"
)
CASES = ({"n": 1}, {"n": 2})
SOLUTION = (
    *(Symbol(n, "initialisation", f"{n} > 0", "w", rf"\{n}") for n in ("alpha_1", "alpha_2")),
    *(Symbol(f"{word}_{j}", f"multiplier of coordinate {j}, {meant} scale: its derivative by rho", "", measured=True)
      for word, meant in (("printed", "the printed"), ("halved", "the corrected")) for j in (1, 2)),
)  # fmt: skip
EXPONENT = (
    Symbol("n", "examples", "n >= 1", "1"),
    Symbol("slope", "d/d rho at 0 of log(alpha_j/sqrt(w_+j w_-j)), or of its rate in time", "", measured=True),
    Symbol("square", "the integral of (X'r)_j² along the gradient flow, or its integrand", "", measured=True),
)


def _solution(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    found = closed_path("n_sam", x, m)
    squared = m.number(x.n**2)
    both = {"printed": multipliers(found, x, 2 / squared), "halved": multipliers(found, x, 1 / squared)}
    return {f"{name}_{j + 1}": values[j] for name, values in both.items() for j in (0, 1)}


def _path(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    found = closed_path("n_sam", x, m)
    return {"slope": found["slope_1"], "square": found["square_1"]}


def _step_14(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """The scale a for which 2 a² sinh(z) is the display before Eq. 14."""
    return {"effective": m.sqrt(x.alpha**2 * m.exp(-2 * x.integral)), "printed_scale": x.alpha * m.exp(-2 * x.integral)}


def _perturbed(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    w, samples = at_point(x)
    ahead = tuple(a + x.rho * b for a, b in zip(w, gradient(w, samples), strict=True))
    r = [residual(w, s) for s in samples]
    behind = [x.x11 * r[0] + x.x21 * r[1], x.x12 * r[0] + x.x22 * r[1]]

    def row(parts: list[Any]) -> Any:
        return x.x11 * behind[0] ** parts[0] * parts[1] + x.x12 * behind[1] ** parts[0] * parts[2]

    plus, minus = w[:2], w[2:]
    sums = [a * a + b * b for a, b in zip(plus, minus, strict=True)]
    n = 2
    return {
        "residual_ahead": residual(ahead, samples[0]),
        "displayed": r[0] + 2 * x.rho / n * row([1, plus[0] + minus[0], plus[1] + minus[1]])
        + x.rho**2 / n**2 * row([2, *sums]),
    }  # fmt: skip


STEPS = (
    ProofStep(
        "Eq. 14", "effective == printed_scale",
        symbols=(
            Symbol("alpha", "initialisation", "alpha > 0"), Symbol("integral", "(rho/n²) int (X'r_sam)(X'r) ds", ""),
            Symbol("effective", "the scale of beta(t) as displayed before", measured=True),
            Symbol("printed_scale", "alpha exp(-2 integral)", measured=True),
        ),
        hypotheses=(),
        families=(Family("scales", (Number("alpha", 1e-2, 1e1), Number("integral", 1e-3, 3)), _step_14),),
        words="The display before has alpha² exp(-2 integral); its root is alpha exp(-integral).",
    ),
    ProofStep(
        "r_sam, last line", "residual_ahead == displayed",
        symbols=(
            Symbol("residual_ahead", "r_sam of an example", measured=True),
            Symbol("displayed", "r + (2 rho/n) X (X'r)(w_+ + w_-) + (rho/n)² X (X'r)² (w_+² + w_-²)", measured=True),
        ),
        hypotheses=(),
        families=(Family("two examples in two dimensions", (*POINT, Number("rho", 1e-3, 1)), _perturbed),),
        words="The second term should have w_+² + w_-² and the third w_+² - w_-², as in Appendix B.2; only r_sam = r + "
        "O(rho) is used.",
    ),
)  # fmt: skip
THEOREM = Claim(
    id="andriushchenko2022.thm-4",
    title="The n-SAM flow minimises phi at the scale alpha exp(-(2 rho/n²) int (X'r)² ds + O(rho²))",
    source=SOURCE,
    statement=STATEMENT,
    symbols=SOLUTION,
    hypotheses=(),
    conclusion="printed_1 == printed_2",
    families=(Family("one of n examples, two coordinates", PATH, _solution, CASES),),
    steps=STEPS,
    repairs=(
        Repair(
            "half the exponent", "misprint", "With rho/n² for 2 rho/n² it holds.", conclusion="halved_1 == halved_2",
            because=BECAUSE, latex=LATEX,
            checks=(exponents_are("n_sam", lambda n: 1 / n**2, "exponents of flows against rho/n² int (X'r)² ds"),),
        ),
    ),
    checks=(
        consistency(
            "andriushchenko2022.thm-5", "2*rho*integral", "8*rho*integral",
            "for one example n-SAM and 1-SAM are the same, and so are (X'r)² and sum_i x_i² r_i²",
            given="rho > 0; integral > 0",
        ),
        derivative(
            "y*tau - a**2*(cosh(2*x*tau) - 1) - b**2*(cosh(2*v*tau) - 1)", "tau",
            "y - 2*a**2*x*sinh(2*x*tau) - 2*b**2*v*sinh(2*v*tau)",
            "the integral of -r by tau along a closed path", "the closed path", given="",
        ),
    ),
    reading="The exponent's term of first order in rho is exact. Where an example sees one coordinate only, every "
    "scale selects the same solution; so two coordinates.",
    notes="w_+ w_- = a² gives log(alpha/a) = (rho/n²) int (X'r_sam)(X'r) ds: half of the printed exponent. The printed "
    "one is that of alpha²/a².",
)  # fmt: skip
SCALE = Claim(
    id="andriushchenko2022.thm-4:exponent",
    title="The scale for which beta = 2 a² sinh(.) along the n-SAM flow has the exponent (2 rho/n²) int (X'r)² ds",
    source=SOURCE,
    statement=STATEMENT,
    symbols=EXPONENT,
    hypotheses=(),
    conclusion="slope == 2*square/n**2",
    families=(
        Family("one of n examples, two coordinates", PATH, _path, CASES),
        Family(
            "the field at a point, two examples", POINT, slope_at_point("n_sam"), ({"n": 2},),
            replay=slope_by_jax("n_sam"), words="The rate at which log(alpha/a) grows, and the integrand.",
        ),
    ),
    repairs=(
        Repair(
            "half the exponent", "misprint", "With rho/n² for 2 rho/n² it holds.", conclusion="slope == square/n**2",
            because=BECAUSE, latex=LATEX,
            checks=(exponents_are("n_sam", lambda n: 1 / n**2, "exponents of flows against rho/n² int (X'r)² ds"),),
        ),
    ),
    checks=(exponents_are("n_sam", lambda n: 2 / n**2, "exponents of flows against 2 rho/n² int (X'r)² ds"),),
    reading="The scale is that of b_alpha in the proof, a = sqrt(w_+ w_-), at any time.",
)  # fmt: skip
CLAIMS = (THEOREM, SCALE)

r"""Convergence of mixtures of SAM and GD steps on the full batch (Jiang et al. 2023, Theorem A.4).

Problem and assumptions: L is beta-smooth.

Algorithm: at step t a step of SAM (xi_t = 1) or of gradient descent (xi_t = 0) on the full batch, zeta the share of
SAM's, rho < 1/(2 beta) and eta < 1/beta.

Statement as printed: min_t ||grad L(w_t)||² <= (L(w_0) - L(w_T)) / (T eta (1 - beta eta/2 - beta rho zeta)).

References:
    [1] Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization. Theorem A.4, Appendix A.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Hypothesis, ProofStep, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import gd, replay, square, usam
from .convergence import _pattern, _share, _smallest

CURVATURE, STEP, SQUARED = "loss/w**2", "w**2/loss", "loss**2/w**2"


def _run(x: SimpleNamespace, loss: Any, start: tuple[Any, ...], m: Arithmetic) -> dict[str, Any]:
    w, slopes = start, []
    for xi in _pattern(x):
        slopes.append(square(loss.gradient(w)))
        w = usam(w, loss.gradient, x.eta, x.rho) if xi else gd(w, loss.gradient, x.eta)
    return {
        "smoothness": m.maximum(m.abs(x.h1), m.abs(x.h2)), "smallest": _smallest(slopes, m),
        "decrease": loss.value(start) - loss.value(w), "zeta": _share(x, m),
    }  # fmt: skip


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return _run(x, Quadratic((x.h1, x.h2)), (x.w1, x.w2), m)


def _quadratic_by_rules(x: SimpleNamespace) -> dict[str, float]:
    w, slopes = (x.w1, x.w2), []
    for xi in _pattern(x):
        slopes.append((x.h1 * w[0]) ** 2 + (x.h2 * w[1]) ** 2)
        numbers = {"rho": x.rho} if xi else {}

        def loss(v: Any, _: Any) -> Any:
            return (x.h1 * v[0] ** 2 + x.h2 * v[1] ** 2) / 2

        w = tuple(replay("usam" if xi else "gd", loss, w, x.eta, [(None, None)], **numbers)[1])
    return {"smallest": float(min(slopes))}


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return _run(x, Bent(x.h1, x.h2, x.bend, x.bend, m, tilt=x.w2), (x.w1,), m)


NUMBERS = (
    *(Number(n, 1e-2, 1e2, "signed log") for n in ("h1", "h2", "w1", "w2")),
    Number("beta", 1e-2, 1e2), Number("rho", 1e-3, 1e2), Number("eta", 1e-3, 1e2),
)  # fmt: skip
CASES = ({"T": 1, "pattern": 1}, {"T": 4, "pattern": 5}, {"T": 4, "pattern": 15})
LINE_30 = (
    "-eta*(1 - xi - beta*eta*(1 - xi)/2 + beta*eta*xi/2)*g2 + beta**3*eta**2*rho**2*xi/2*g2 - eta*(1 - beta*eta)*xi*gh"
)
LINE_31 = (
    "-eta*(1 - xi - beta*eta*(1 - xi)/2 + beta*eta*xi/2 + beta**3*eta*rho**2*xi/2 + (1 - beta*eta)*(1 - "
    "beta*rho)*xi)*g2"
)
THEOREM = Claim(
    id="jiang2023.thm-a.4",
    title="Any mixture of SAM and GD steps finds a small gradient, full batch",
    source=Source("jiang2023", "Theorem A.4", "Appendix A.2"),
    statement=r"With full-batch gradient descent, if $\rho < \frac{1}{2\beta}$ and $\eta < \frac1\beta$, algorithm "
    r"$A$ satisfies $\min_t\|\nabla L(D;w_t)\|^2 \leq "
    r"\frac{L(D;w_0)-L(D;w_T)}{T\eta(1-\frac{\beta\eta}{2}-\beta\rho\zeta)}$.",
    symbols=(
        Symbol("beta", "smoothness", "beta > 0", CURVATURE, r"\beta"),
        Symbol("rho", "ascent step", "rho > 0", STEP, r"\rho"),
        Symbol("eta", "step size", "eta > 0", STEP, r"\eta"),
        Symbol("T", "steps", "T >= 1", "1"),
        Symbol("zeta", "share of SAM's steps", "0 <= zeta <= 1", "1", r"\zeta", measured=True),
        Symbol("smoothness", "curvature, in size", "", CURVATURE, measured=True),
        Symbol("smallest", "min over t of ||grad L(w_t)||²", "", SQUARED, measured=True),
        Symbol("decrease", "L(w_0) - L(w_T)", "", "loss", measured=True),
    ),
    hypotheses=(
        Hypothesis("Assumption 3.1", "L is beta-smooth", "smoothness <= beta"),
        Hypothesis("ascent step", "rho is below 1/(2 beta)", "2*rho*beta < 1"),
        Hypothesis("step size", "eta is below 1/beta", "eta*beta < 1"),
    ),
    conclusion="smallest <= decrease/(T*eta*(1 - beta*eta/2 - beta*rho*zeta))",
    families=(
        Family("quadratics in two dimensions", NUMBERS, _quadratic, CASES, _quadratic_by_rules),
        Family("bent and tilted", (*NUMBERS, Number("bend", 1e-2, 1e2)), _bent, CASES),
    ),
    checks=(
        worst_case_within(
            "1/(T*eta*(1 - beta*eta/2 - beta*rho*zeta))",
            lambda p: Problem(
                p["beta"], -p["beta"], p["eta"], p["rho"], int(p["T"]), "decrease", "gradient", "best iterate",
                tuple(t < round(p["zeta"] * p["T"]) for t in range(int(p["T"]))),
            ),
            [
                {"beta": 1.0, "eta": eta, "rho": rho, "T": 3, "zeta": share / 3}
                for eta in (0.1, 0.5, 0.95) for rho in (0.05, 0.25, 0.45) for share in (0, 1, 3)
            ],
            "the least ||grad L||² over all smooth functions, SAM's steps first",
        ),
    ),
    steps=(
        ProofStep(
            "Eqs. 30-31", f"{LINE_30} <= {LINE_31}",
            given="gh >= (1 - rho*beta)*g2; xi*(1 - xi) == 0",
            symbols=(
                Symbol("g2", "||g||²", "g2 > 0", SQUARED), Symbol("gh", "g'h", "", SQUARED),
                Symbol("xi", "1 for a step of SAM, 0 for one of GD", "0 <= xi <= 1", "1"),
            ),
            hypotheses=("ascent step", "step size"),
            words="The change of the loss by Lemma A.5: the term in beta³ eta rho² changes its sign between the lines.",
        ),
        ProofStep(
            "Eq. 32", "1 - beta*eta/2 - beta*rho + beta**2*eta*rho - beta**3*eta*rho**2/2 >= 1 - beta*eta/2 - beta*rho",
            hypotheses=("ascent step", "step size"),
            words="The last line, for xi_t = 1, with the sign put right: the term is outweighed.",
        ),
    ),
    notes="The sign slips in Eq. 31 and what follows from it in Eq. 32 is true all the same.",
)  # fmt: skip
CLAIMS = (THEOREM,)

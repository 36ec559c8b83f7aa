r"""The saddle of Beale's function (Kim et al. 2023, Section 4.1, Figures 1 and 6).

Problem and assumptions: Beale's function in the plane.

Algorithm: SAM with a constant radius as a flow, whose linear part at a saddle has the rates lam + rho lam².

Statement as printed: it has a single saddle point at (0, 1); near it lam + rho lam² is positive for both eigenvalues,
at the radius 0.5 of Figure 6, so that the saddle attracts; four basins, of which two (top left and bottom right)
contain a minimum.

References:
    [1] Kim et al. (2023). Stability analysis of sharpness-aware minimization. Section 4.1, Figures 1, 2 and 6.
"""

from collections.abc import Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from ...landscapes import BEALE
from ...landscapes.expression import parse_formula
from ..arithmetic import Arithmetic, ball_arithmetic
from ..budget import Budget
from ..claim import Claim, Hypothesis, Source, Symbol
from ..derivatives import Derivatives, eigenvalues
from ..evidence import Counterexample, Evidence
from ..family import Family, Number
from ..relation import read_relations

DERIVATIVES = Derivatives(BEALE.formula)


def _at_the_saddle(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    at = (0 * x.rho, 1 + 0 * x.rho)
    slope = DERIVATIVES.gradient(at, m)
    low, high = eigenvalues(DERIVATIVES.hessian(at, m), m)
    return {
        "slope_x": slope[0], "slope_y": slope[1], "lam_1": low, "lam_2": high,
        "rate_1": low + x.rho * low**2, "rate_2": high + x.rho * high**2,
    }  # fmt: skip


SYMBOLS = (
    Symbol("rho", "ascent step", "rho > 0", "", r"\rho"),
    Symbol("slope_x", "derivative by x at (0, 1)", "", "", measured=True),
    Symbol("slope_y", "derivative by y at (0, 1)", "", "", measured=True),
    Symbol("lam_1", "smaller eigenvalue of the Hessian at (0, 1)", "", "", r"\lambda_1", measured=True),
    Symbol("lam_2", "larger eigenvalue of the Hessian at (0, 1)", "", "", r"\lambda_2", measured=True),
    Symbol("rate_1", "lam_1 + rho lam_1²", measured=True),
    Symbol("rate_2", "lam_2 + rho lam_2²", measured=True),
)
FAMILY = Family("Beale's function at (0, 1)", (Number("rho", 1e-3, 1e1),), _at_the_saddle)

SADDLE = Claim(
    id="kim2023.beale",
    title="Beale's function has a saddle at (0, 1), and at the radius of Figure 6 both rates there are positive",
    source=Source("kim2023", "Section 4.1 and Figure 6"),
    statement=r"The Beale function has a saddle point at $(0,1)$. Near it, for both eigenvalues of the Hessian, "
    r"$\lambda + \rho\lambda^2$ is positive, so that the saddle point becomes an attractor.",
    symbols=SYMBOLS,
    hypotheses=(Hypothesis("radius", "the radius of Figure 1 and 6, or a larger one", "rho >= 1/2"),),
    conclusion="slope_x == 0; slope_y == 0; lam_1 < 0 < lam_2; rate_1 > 0; rate_2 > 0",
    families=(FAMILY,),
    notes="The Hessian at (0, 1) is 111/4 (0 1; 1 0), with eigenvalues ±111/4: the saddle attracts the flow exactly "
    "for rho > 4/111 = 0.0360.",
)
RADIUS = Claim(
    id="kim2023.beale:radius",
    title="The saddle attracts the flow exactly beyond the radius 4/111",
    source=SADDLE.source,
    statement=r"At $(0,1)$ the Hessian has the eigenvalues $\pm 111/4$; both $\lambda + \rho\lambda^2$ are positive if "
    r"and only if $\rho > 4/111$.",
    symbols=SYMBOLS,
    hypotheses=(),
    conclusion="lam_1 == -111/4; lam_2 == 111/4; rate_1*(rho - 4/111) >= 0; rate_2 > 0",
    families=(FAMILY,),
    reading="What Theorem 1 says of this saddle, made exact.",
)


def _critical_points(m: Arithmetic) -> list[tuple[str, tuple[Any, ...], str, tuple[Any, Any]]]:
    """Every critical point (the landscape declares all, by exact algebra, and its tests verify them) with its kind."""
    found = []
    for place in BEALE.critical_sets:
        names = {name: _root(equation, low, high, m) for name, equation, low, high in place.roots}
        at = tuple(read_relations(f"{text} == 0")[0].sides(names, m.dialect)[0] for text in place.location)
        low, high = eigenvalues(DERIVATIVES.hessian(at, m), m)
        kind = "saddle" if low < 0 < high else "minimum" if low > 0 else "undecided"
        found.append((f"({float(at[0]):.7g}, {float(at[1]):.7g})", at, kind, (low, high)))
    return found


def _root(equation: str, low: str, high: str, m: Arithmetic) -> Any:
    """The only root of an equation between two numbers, as a ball, by bisection of its sign."""
    name = parse_formula(equation).variables

    def sign(x: Fraction) -> int:
        value = parse_formula(equation, name).evaluate((m.number(x),), m.dialect)
        return 1 if value > 0 else -1 if value < 0 else 0

    a, b = Fraction(low), Fraction(high)
    left = sign(a)
    for _ in range(150):  # 45 decimal places, beyond what the Hessian's signs need
        middle = (a + b) / 2
        a, b = (middle, b) if sign(middle) == left else (a, middle)
    return m.number(a).union(m.number(b))


def _no_other_saddle(claim: Claim, budget: Budget) -> Sequence[Evidence]:
    rows = _critical_points(ball_arithmetic())
    others = [row for row in rows if row[2] == "saddle" and not (row[1][0] == 0 and row[1][1] == 1)]
    numbers = {
        name: f"{kind}, eigenvalues {float(low):.6g} and {float(high):.6g}" for name, _, kind, (low, high) in rows
    }
    if not others:
        return [Evidence("critical points", "conclusion", "proved", "There is no other saddle.", numbers)]
    name, at, _, (low, high) = others[0]
    gradient = DERIVATIVES.gradient(at, ball_arithmetic())
    example = Counterexample(
        "saddles == 1", {"x": str(at[0]), "y": str(at[1])}, str(1 + len(others)), "1", "ball", (1.0 + len(others), 1.0),
        hypotheses={"gradient encloses 0": ", ".join(map(str, gradient)), "eigenvalues": f"{low}, {high}"},
    )  # fmt: skip
    words = f"{name} is a second saddle, with the eigenvalues {float(low):.4g} and {float(high):.4g}."
    return [Evidence("critical points", "conclusion", "refuted", words, numbers, example)]


def _two_minima(claim: Claim, budget: Budget) -> Sequence[Evidence]:
    rows = _critical_points(ball_arithmetic())
    minima = [row for row in rows if row[2] == "minimum"]
    numbers = {name: kind for name, _, kind, _ in rows}
    if len(minima) == 2:
        return [Evidence("critical points", "conclusion", "proved", "There are two minima.", numbers)]
    example = Counterexample(
        "minima == 2", {"x": str(minima[0][1][0]), "y": str(minima[0][1][1])}, str(len(minima)), "2", "ball",
        (float(len(minima)), 2.0),
    )  # fmt: skip
    words = f"Of all {len(rows)} critical points one is a minimum, {minima[0][0]}; towards the upper left a valley "
    words += "descends to the loss 0.452 without ever reaching a critical point."
    return [Evidence("critical points", "conclusion", "refuted", words, numbers, example)]


COUNTS = (
    Symbol("saddles", "saddle points", "", "1", measured=True),
    Symbol("minima", "local minima", "", "1", measured=True),
)
SINGLE = Claim(
    id="kim2023.beale:single-saddle",
    title="Beale's function has a single saddle",
    source=Source("kim2023", "Section 4.1"),
    statement=r"The Beale function has a single saddle point at $(0,1)$.",
    symbols=COUNTS,
    hypotheses=(),
    conclusion="saddles == 1",
    checks=(_no_other_saddle,),
    reading="In the whole plane.",
    notes="Within the window of Figure 1, x in [-1.5, 3.7] and y in [-0.5, 2.7], there is no other.",
)
MINIMA = Claim(
    id="kim2023.beale:two-minima",
    title="Two of the four basins of Beale's function contain a minimum",
    source=Source("kim2023", "Section 4.1"),
    statement="It has four basins, with only two basins (top left and bottom right) containing a minimum.",
    symbols=COUNTS,
    hypotheses=(),
    conclusion="minima == 2",
    checks=(_two_minima,),
)
CLAIMS = (SADDLE, RADIUS, SINGLE, MINIMA)

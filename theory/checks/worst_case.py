"""The exact worst case of unnormalised SAM and of gradient descent over a class of functions (performance estimation).

A step of USAM is two gradient evaluations at points that are fixed combinations of earlier ones, so that the largest
value of a measure after T steps, over all functions of a class in any dimension, is a semidefinite program [1, 2]. It
is solved numerically; its value is a bound up to the solver's accuracy, and no counterexample by itself: where it
exceeds a printed bound, a family must exhibit the instance.

References:
    [1] Drori, Teboulle (2014). Performance of first-order methods for smooth convex minimization. Math. Program.
    [2] Taylor, Hendrickx, Glineur (2017). Smooth strongly convex interpolation and exact worst-case performance of
    first-order methods. Math. Program.
    [3] Goujaud et al. (2024). PEPit: computer-assisted worst-case analyses of first-order optimization methods in
    Python. Math. Program. Comput.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..arithmetic import float_arithmetic
from ..evidence import Evidence
from ..relation import read_relations

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim

Measure = Literal["distance", "loss", "gradient"]
Average = Literal["last", "mean of iterates", "best iterate"]
ACCURACY = 1e-5
"""Relative accuracy asked of a semidefinite program's value; Clarabel's default residuals are 1e-8."""


@dataclass(frozen=True)
class Problem:
    """A question to performance estimation.

    Attributes:
        L: Smoothness constant, > 0.
        mu: Strong convexity, 0 <= mu < L (0: convex; negative: mu-weakly convex, gradient steps on smooth functions).
        eta: Step size, > 0.
        rho: Ascent step of USAM, >= 0; 0 is gradient descent.
        steps: T >= 1.
        start: What is at most 1 at the start: "distance" ||w0 - w*||², "loss" f(w0) - f*, or "gradient" ||g(w0)||².
        measure: What is largest at the end, the same three.
        output: The point that is measured: the last iterate, or the mean of w_1 ... w_T, or the best of w_0 ... w_{T-1}
            (for "gradient": min over iterates).
    """

    L: float
    mu: float
    eta: float
    rho: float
    steps: int
    start: Measure = "distance"
    measure: Measure = "distance"
    output: Average = "last"


@functools.lru_cache(maxsize=512)
def worst_case(problem: Problem) -> float:
    """The largest value of the measure, up to the solver's accuracy; infinite where nothing bounds it.

    Args:
        problem: Class, rule, and what is measured.
    Raises:
        ValueError: Constants out of range.
        RuntimeError: The solver gives no answer; its status is in the message.
    """
    from PEPit import PEP
    from PEPit.functions import SmoothConvexFunction, SmoothFunction, SmoothStronglyConvexFunction

    if not problem.L > 0 or problem.mu >= problem.L or problem.steps < 1:
        raise ValueError(f"worst_case: need L > 0, mu < L and steps >= 1, got {problem}")
    pep = PEP()
    if problem.mu > 0:
        f = pep.declare_function(SmoothStronglyConvexFunction, mu=problem.mu, L=problem.L)
    elif problem.mu == 0:
        f = pep.declare_function(SmoothConvexFunction, L=problem.L)
    elif problem.mu == -problem.L:
        f = pep.declare_function(SmoothFunction, L=problem.L)
    else:
        raise ValueError(f"worst_case: mu must be -L (smooth), 0 (convex) or positive, got mu = {problem.mu}")
    star = f.stationary_point()
    f_star = f(star)
    w = pep.set_initial_point()
    path = [w]

    def measured(kind: str, at: Any) -> Any:
        if kind == "distance":
            return (at - star) ** 2
        return f(at) - f_star if kind == "loss" else f.gradient(at) ** 2

    pep.set_initial_condition(measured(problem.start, w) <= 1)
    if problem.mu < 0:  # a stationary point of a smooth function need not be its minimum; its infimum is f*
        for at in path:
            pep.add_constraint(f(at) >= f_star)
    for _ in range(problem.steps):
        adv = w + problem.rho * f.gradient(w) if problem.rho else w
        w = w - problem.eta * f.gradient(adv)
        path.append(w)
        if problem.mu < 0:
            pep.add_constraint(f(w) >= f_star)
            pep.add_constraint(f(adv) >= f_star)
    if problem.output == "best iterate":
        for at in path[:-1]:
            pep.set_performance_metric(measured(problem.measure, at))
    elif problem.output == "mean of iterates":
        pep.set_performance_metric(measured(problem.measure, sum(path[2:], path[1]) / problem.steps))
    else:
        pep.set_performance_metric(measured(problem.measure, w))
    return _solve(pep)


def _solve(pep: Any) -> float:
    import warnings

    failures = []
    for solver in ("CLARABEL", "SCS"):
        with warnings.catch_warnings(record=True) as caught:  # an inaccurate solution is reported, not printed
            warnings.simplefilter("always")
            value = pep.solve(wrapper="cvxpy", solver=solver, verbose=0)
        status = str(pep.wrapper.prob.status) if hasattr(pep.wrapper, "prob") else ""
        if status == "optimal" and value is not None:
            return float(value)
        if "unbounded" in status or "infeasible" in status:
            return float("inf")
        failures.append(f"{solver}: {status or 'no status'} {[str(c.message)[:80] for c in caught]}")
    raise RuntimeError(f"no solver answered: {'; '.join(failures)}")


def worst_case_within(
    bound: str,
    problem: Callable[[Mapping[str, float]], Problem],
    grid: Sequence[Mapping[str, float]],
    words: str,
    subject: str = "conclusion",
) -> "Callable[[Claim, Budget], list[Evidence]]":
    """A check that the exact worst case stays within a printed bound at every point of a grid.

    Args:
        bound: The bound in the measure's units, as a formula of the grid's names: ``(1 - eta*mu)**(2*T)``.
        problem: From a point of the grid to the question.
        grid: Constants that meet the claim's hypotheses, corners of their ranges among them.
        words: What is compared, for the report.
        subject: What the evidence is about.
    Returns:
        A check. "agrees" with the largest tightness (worst case / bound) and where it is; "disagrees" where the worst
        case is larger; never "refuted", see the module.
    """
    (relation,) = read_relations(f"0 <= {bound}")

    def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
        dialect = float_arithmetic().dialect
        share = {"quick": 3, "default": 12}.get(budget.name, len(grid))
        chosen = list(grid)[:: max(1, len(grid) // share)]
        rows = []
        for point in chosen:
            limit = float(relation.sides(dict(point), dialect)[1])
            value = worst_case(problem(point))
            rows.append((value / limit if limit > 0 else float("inf"), value, limit, dict(point)))
        tightness, value, limit, at = max(rows, key=lambda row: row[0])
        numbers = {"tightness": tightness, "worst case": value, "bound": limit, "at": at, "points": len(rows)}
        if tightness > 1 + ACCURACY:
            said = f"{words}: the exact worst case is {value:.6g}, above the bound {limit:.6g}, at {_spelled(at)}"
            return [Evidence("worst case", subject, "disagrees", said, numbers)]
        said = f"{words}: at {len(rows)} settings the exact worst case is at most {tightness:.6g} of the bound"
        return [Evidence("worst case", subject, "agrees", said, numbers)]

    check.name = "worst case"  # type: ignore[attr-defined]
    return check


def _spelled(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in point.items())

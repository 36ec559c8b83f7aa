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

Measure = Literal[
    "distance", "loss", "gradient", "decrease", "rise", "misalignment", "product", "coercivity"
]  # fmt: skip
Output = Literal["last", "mean of iterates", "mean over iterates", "best iterate"]
ACCURACY = 1e-5
"""Relative accuracy asked of a semidefinite program's value; Clarabel's default residuals are 1e-8."""


@dataclass(frozen=True)
class Problem:
    """A question to performance estimation.

    Of these quantities one is 1 at the start (at most 1 where that is the same), one is made largest at the end:
    "distance" ||w - w*||², "loss" f(w) - f*, "gradient" ||g(w)||², "decrease" f(w_0) - f(w_T), "rise" its negative,
    "misalignment" -<g(w + rho g(w)), g(w)>; and, of w_0 and another point v, "product" <g(v) - g(w), v - w> and
    "coercivity" (mu L ||v - w||² + ||g(v) - g(w)||²)/(mu + L).

    Attributes:
        L: Smoothness constant, > 0.
        mu: Strong convexity, 0 < mu < L; 0: convex; -L: smooth.
        eta: Step size, > 0.
        rho: Ascent step of USAM, >= 0; 0 is gradient descent.
        steps: T >= 0.
        start: The quantity at the start.
        measure: The quantity at the end.
        output: Where it is measured: the last iterate, the mean of w_1 ... w_T, or its mean or least value over
            w_0 ... w_{T-1}.
        pattern: Step by step, whether it ascends; by default all do.
    """

    L: float
    mu: float
    eta: float
    rho: float
    steps: int
    start: Measure = "distance"
    measure: Measure = "distance"
    output: Output = "last"
    pattern: tuple[bool, ...] = ()


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

    _check(problem)
    pep = PEP()
    run = _Run(problem, pep)
    at_start, T = run.measured(problem.start, run.path[0]), problem.steps
    # what has a sign may be anything up to 1; what has none must be held, or nothing would move
    pep.add_constraint(at_start <= 1 if problem.start in ("distance", "loss", "decrease", "product") else at_start == 1)
    if problem.output == "best iterate":
        for at in run.path[:-1]:
            pep.set_performance_metric(run.measured(problem.measure, at))
    elif problem.output == "mean over iterates":
        values = [run.measured(problem.measure, at) for at in run.path[:-1]]
        pep.set_performance_metric(sum(values[1:], values[0]) / T)
    else:
        mean = problem.output == "mean of iterates"
        at = sum(run.path[2:], run.path[1]) / T if mean else run.path[-1]
        pep.set_performance_metric(run.measured(problem.measure, at))
    return _solve(pep)


def _check(problem: Problem) -> None:
    if not problem.L > 0 or problem.mu >= problem.L or problem.steps < 0:
        raise ValueError(f"worst_case: need L > 0, mu < L and steps >= 0, got {problem}")
    if problem.mu < 0 and problem.mu != -problem.L:
        raise ValueError(f"worst_case: mu must be -L (smooth), 0 (convex) or positive, got mu = {problem.mu}")
    if problem.pattern and len(problem.pattern) != problem.steps:
        raise ValueError(f"worst_case: a pattern of {len(problem.pattern)} steps for {problem.steps}")
    if not problem.steps and problem.output != "last":
        raise ValueError(f"worst_case: no steps, and so no {problem.output}")


class _Run:
    """A run of the rule on a function that is not yet known; `path` holds w_0 ... w_T."""

    def __init__(self, problem: Problem, pep: Any) -> None:
        from PEPit.functions import SmoothConvexFunction, SmoothFunction, SmoothStronglyConvexFunction

        self.problem = problem
        if problem.mu > 0:
            self.f = pep.declare_function(SmoothStronglyConvexFunction, mu=problem.mu, L=problem.L)
        else:
            self.f = pep.declare_function(SmoothConvexFunction if problem.mu == 0 else SmoothFunction, L=problem.L)
        asked = {problem.start, problem.measure}
        self.star = self.f.stationary_point() if asked & {"distance", "loss"} else None
        w = pep.set_initial_point()
        self.path, self.above = [w], []
        for ascends in problem.pattern or (True,) * problem.steps:
            adv = self.ascended(w) if ascends else w
            w = w - problem.eta * self.f.gradient(adv)
            self.path.append(w)
            self.above.append(adv)
        self.other = pep.set_initial_point() if asked & {"product", "coercivity"} else None
        if problem.mu < 0 and self.star is not None:
            # a stationary point of a smooth function need not be its minimum; from every point a gradient step of 1/L
            # must not go below the infimum f*
            for at in (*self.path, *self.above):
                step = self.f.gradient(at) ** 2 / (2 * problem.L)
                pep.add_constraint(self.f(at) - step >= self.f(self.star))

    def ascended(self, w: Any) -> Any:
        return w + self.problem.rho * self.f.gradient(w) if self.problem.rho else w

    def measured(self, kind: str, at: Any) -> Any:
        f, first, last = self.f, self.path[0], self.path[-1]
        if kind == "distance":
            return (at - self.star) ** 2
        if kind == "loss":
            return f(at) - f(self.star)
        if kind == "gradient":
            return f.gradient(at) ** 2
        if kind in ("decrease", "rise"):
            return f(first) - f(last) if kind == "decrease" else f(last) - f(first)
        if kind == "misalignment":
            return -(f.gradient(self.ascended(at)) * f.gradient(at))
        step, slope = self.other - first, f.gradient(self.other) - f.gradient(first)
        if kind == "product":
            return slope * step
        mu, L = self.problem.mu, self.problem.L
        return (mu * L * step**2 + slope**2) / (mu + L)


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
            rows.append((_tightness(value, limit), value, limit, dict(point)))
        tightness, value, limit, at = max(rows, key=lambda row: row[0])
        numbers = {"tightness": tightness, "worst case": value, "bound": limit, "at": at, "points": len(rows)}
        if any(_exceeds(row[1], row[2]) for row in rows):
            said = f"{words}: the exact worst case is {value:.6g}, above the bound {limit:.6g}, at {_spelled(at)}"
            return [Evidence("worst case", subject, "disagrees", said, numbers)]
        said = f"{words}: at {len(rows)} settings the exact worst case is at most {tightness:.6g} of the bound"
        if limit < 0:
            said = f"{words}: at {len(rows)} settings the bound's is at most {tightness:.6g} of the exact least amount"
        return [Evidence("worst case", subject, "agrees", said, numbers)]

    check.name = "worst case"  # type: ignore[attr-defined]
    return check


def _exceeds(value: float, limit: float) -> bool:
    return value > limit + ACCURACY * max(abs(limit), abs(value) if value < float("inf") else 0.0)


def _tightness(value: float, limit: float) -> float:
    """1 where the bound is attained, above 1 where it is broken; of two negative numbers, the bound over the value."""
    if limit > 0:
        return value / limit
    return limit / value if value < 0 else float("inf")


def _spelled(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in point.items())

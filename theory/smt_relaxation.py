"""What an SMT solver may know of transcendental functions: inequalities that hold for every real argument.

With them a variable `t` stands for ``f(u)``. A contradiction that follows from these inequalities is one of the
functions; a solution need not be a point of them.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .relation import read_relations

if TYPE_CHECKING:
    from .smt_terms import Question, Term

FACTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # function: (where it holds, what holds) of t = f(u); "" is everywhere
    "exp": (("", "t > 0; t >= 1 + u"), ("u != 0", "t > 1 + u"), ("u < 1", "t*(1 - u) <= 1"),
            ("u >= 0", "t >= 1 + u + u**2/2"), ("u <= 0", "t <= 1 + u + u**2/2")),
    "log": (("", "u > 0; t <= u - 1; t*u >= u - 1"), ("u != 1", "t < u - 1")),
    "tanh": (("", "-1 < t < 1"), ("u > 0", "0 < t < u"), ("u < 0", "u < t < 0"), ("u == 0", "t == 0")),
    "sinh": (("u > 0", "t > u"), ("u < 0", "t < u"), ("u == 0", "t == 0")),
    "cosh": (("", "t >= 1 + u**2/2"), ("u == 0", "t == 1")),
    "atan": (("", "-1571/1000 < t < 1571/1000"), ("u > 0", "0 < t < u"), ("u < 0", "u < t < 0"), ("u == 0", "t == 0")),
    "asinh": (("u > 0", "0 < t < u"), ("u < 0", "u < t < 0"), ("u == 0", "t == 0")),
    "sin": (("", "-1 <= t <= 1"), ("u >= 0", "-u <= t <= u"), ("u <= 0", "u <= t <= -u")),
    "cos": (("", "-1 <= t <= 1; t >= 1 - u**2/2"), ("u == 0", "t == 1")),
    "pi": (("", "3141592653589793/1000000000000000 < t < 3141592653589794/1000000000000000"),),
    "e": (("", "2718281828459045/1000000000000000 < t < 2718281828459046/1000000000000000"),),
    # of t = u**v
    "**": (("", "u > 0; t > 0"), ("v >= 1", "t >= 1 + v*(u - 1)"), ("v <= 0", "t >= 1 + v*(u - 1)"),
           ("0 <= v; v <= 1", "t <= 1 + v*(u - 1)"), ("v == 0", "t == 1"), ("u == 1", "t == 1"),
           ("v > 0; u > 1", "t > 1"), ("v > 0; u < 1", "t < 1"), ("v < 0; u > 1", "t < 1"), ("v < 0; u < 1", "t > 1")),
}  # fmt: skip
"""For ``u**v`` only positive bases are looked at (Bernoulli's inequality for real exponents)."""


def bounds(name: str, value: "Term", arguments: "Sequence[Term]", question: "Question") -> list[Any]:
    """The known inequalities of ``value = name(arguments)``, as z3 formulas.

    Raises:
        NotPolynomial: Nothing is known of the function.
    """
    import z3

    from .smt_terms import NotPolynomial

    if name not in FACTS:
        raise NotPolynomial(name)
    terms = {"t": value, **dict(zip(("u", "v"), arguments, strict=False))}

    def written(text: str) -> Any:
        sides = [(r.sign, *r.sides(terms, question.dialect)) for r in read_relations(text)]
        return z3.And(*(question.compare(left, sign, right) for sign, left, right in sides))

    return [z3.Implies(written(where), written(fact)) if where else written(fact) for where, fact in FACTS[name]]

"""Relations as polynomials over one denominator, written for z3.

Both sides of a relation are brought over one denominator, in exact polynomials (python-flint), and the denominator is
cleared: by its sign where the asserted relations show it, otherwise by multiplying with it once more. What is not
polynomial becomes a new variable with the conditions that define it:

    sqrt(x)            s >= 0, s**2 == x, and x >= 0
    a/b                b != 0
    abs, min, max, where, sign        t == one branch if the condition holds, else the other

These conditions are asserted whether the relation itself is asserted or denied: where a side has no value there is no
instance. A transcendental function raises `NotPolynomial`, or, in a relaxed question, becomes a variable of which some
true inequalities are known (exp(u) >= 1 + u): "unsat" is then still a proof, "sat" is only a place to look at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from ..landscapes.dialect import Dialect
from ..landscapes.grammar import FUNCTIONS
from .relation import Relation, Sign

LARGEST_POWER = 40
"""The largest exponent that is multiplied out."""
_FLIPPED: Mapping[str, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class NotPolynomial(ValueError):
    """A relation that has no polynomial form; `what` names the function in it that has none."""

    def __init__(self, what: str):
        self.what = what
        super().__init__(f"{what} is not polynomial arithmetic")


@dataclass(frozen=True)
class Term:
    """A quotient of polynomials, with the conditions under which it is what the formula says."""

    numerator: Any
    denominator: Any
    conditions: tuple[Any, ...] = ()


@dataclass(frozen=True)
class _Constant:
    name: str


class Question:
    """One question to the solver, in a context of its own: how names and formulas are written there."""

    def __init__(
        self,
        relations: Sequence[Relation],
        certain: Sequence[Relation],
        fixed: Mapping[str, Fraction] | None = None,
        relaxed: bool = False,
    ):
        """Args:
        relations: All that will be asserted or denied.
        certain: Those that will be asserted: signs of variables are read off them.
        fixed: Values of names that are no variables.
        relaxed: As in `solve`.
        """
        import z3
        from flint import Ordering, fmpq_mpoly_ctx

        self.context = z3.Context()
        self.relaxed = relaxed
        self.fixed = dict(fixed or {})
        names = sorted({n for r in relations for n in r.names} - set(self.fixed))
        spare = 2 * sum(len(r.left) + len(r.right) for r in relations)  # no more witnesses than characters, twice
        spare = min(spare, 4 * sum((r.left + r.right).count("(") + (r.left + r.right).count("*") for r in relations))
        self._polynomials = fmpq_mpoly_ctx.get((*names, *(f"_{i}" for i in range(spare + 1))), Ordering.degrevlex)
        self._generators = self._polynomials.gens()
        self.variables = {name: z3.Real(name, self.context) for name in names}
        self._z3 = list(self.variables.values())
        self._known: dict[Any, Term] = {}
        self.positive, self.nonnegative = set(), set()
        for relation in certain:
            self._read_sign(relation, names)
        self.dialect = self._dialect()

    def asserted(self, relation: Relation) -> Any:
        """The relation, and everything that gives its sides a value, as one z3 formula.

        Raises:
            NotPolynomial: There is no such formula.
        """
        import z3

        values = dict(zip(self.variables, self._generators, strict=False))
        values |= {n: self._number(x) for n, x in self.fixed.items()}
        left, right = relation.sides({n: _as_term(v) for n, v in values.items()}, self.dialect)
        parts = (*left.conditions, *right.conditions, self.compare(left, relation.sign, right))
        return z3.And(*parts)

    def signs(self) -> list[Any]:
        """What is made use of wherever a factor is cleared; to be asserted too."""
        positive = [self._z3[i] > 0 for i in sorted(self.positive)]
        return [*positive, *(self._z3[i] >= 0 for i in sorted(self.nonnegative) if i < len(self.variables))]

    def _read_sign(self, relation: Relation, names: Sequence[str]) -> None:
        for name, sign, bound in (
            (relation.left, relation.sign, relation.right),
            (relation.right, _FLIPPED[relation.sign], relation.left),
        ):
            if name not in names or sign not in (">", ">=", "=="):
                continue
            try:
                low = Fraction(bound.replace(" ", ""))
            except ValueError:
                continue
            index = names.index(name)
            if low > 0 or (low == 0 and sign == ">"):
                self.positive.add(index)
            if low >= 0:
                self.nonnegative.add(index)

    def _number(self, value: Fraction) -> Any:
        from flint import fmpq

        return self._polynomials.constant(fmpq(value.numerator, value.denominator))

    def _sign(self, polynomial: Any) -> int:
        """+1 or -1 where the polynomial is known never to be of the other sign, else 0."""
        signs = set()
        for powers, coefficient in polynomial.to_dict().items():
            if any(k % 2 and i not in self.nonnegative for i, k in enumerate(powers)):
                return 0
            signs.add(1 if coefficient > 0 else -1)
        return signs.pop() if len(signs) == 1 else 0

    def compare(self, left: Term, sign: str, right: Term) -> Any:
        """The comparison of two terms that have values, without denominators, as a z3 formula."""
        numerator = left.numerator * right.denominator - right.numerator * left.denominator
        denominator = left.denominator * right.denominator
        if sign not in ("==", "!="):
            common = numerator.gcd(denominator) if numerator else 1
            numerator, denominator = numerator / common, denominator / common
            constant, factors = denominator.factor()
            if constant < 0:
                numerator = -numerator
            for factor, power in factors:
                if power % 2:
                    numerator = numerator * (self._sign(factor) or factor)
        return self._atom(numerator, sign)

    def _atom(self, polynomial: Any, sign: str) -> Any:
        import z3

        if polynomial:
            least = [min(powers) for powers in zip(*polynomial.monoms(), strict=True)]
            for i in self.positive:  # a factor that is positive changes no sign
                if least[i]:
                    polynomial = polynomial / self._generators[i] ** least[i]
        x = self._written(polynomial)
        zero = z3.RealVal(0, self.context)
        return {"<": x < zero, "<=": x <= zero, "==": x == zero, ">=": x >= zero, ">": x > zero, "!=": x != zero}[sign]

    def _written(self, polynomial: Any) -> Any:
        import z3

        terms = []
        for powers, coefficient in polynomial.to_dict().items():
            factors = [z3.RealVal(str(coefficient), self.context)] if coefficient != 1 or not any(powers) else []
            factors += [self._z3[i] for i, k in enumerate(powers) for _ in range(k)]
            terms.append(z3.Product(factors) if len(factors) > 1 else factors[0])
        return z3.Sum(terms) if len(terms) > 1 else terms[0] if terms else z3.RealVal(0, self.context)

    def _witness(self, nonnegative: bool = False) -> tuple[Term, Any]:
        import z3

        index = len(self._z3)
        self._z3.append(z3.Real(f"_{index}", self.context))
        if nonnegative:
            self.nonnegative.add(index)
        generator = self._generators[index]
        return _as_term(generator), self._z3[index]

    def _fraction(self, numerator: Any, denominator: Any, *conditions: Iterable[Any]) -> Term:
        common = numerator.gcd(denominator) if numerator else denominator
        common = common * (denominator / common).leading_coefficient()  # so that equal quotients look equal
        kept = {c.get_id(): c for group in conditions for c in group}
        return Term(numerator / common, denominator / common, tuple(kept.values()))

    def _add(self, a: Term, b: Term) -> Term:
        numerator = a.numerator * b.denominator + b.numerator * a.denominator
        return self._fraction(numerator, a.denominator * b.denominator, a.conditions, b.conditions)

    def _negative(self, a: Term) -> Term:
        return Term(-a.numerator, a.denominator, a.conditions)

    def _multiply(self, a: Term, b: Term) -> Term:
        return self._fraction(a.numerator * b.numerator, a.denominator * b.denominator, a.conditions, b.conditions)

    def _divide(self, a: Term, b: Term) -> Term:
        if not b.numerator:
            raise NotPolynomial("a division by zero")
        defined = () if b.numerator.is_constant() else (self._atom(b.numerator, "!="),)
        return self._fraction(
            a.numerator * b.denominator, a.denominator * b.numerator, a.conditions, b.conditions, defined
        )

    def _power(self, base: Term, exponent: Term) -> Term:
        power = _constant_value(exponent)
        if power is None:
            return self._transcendental("**", base, exponent)
        if power.denominator != 1:
            return self._power(self._root(base, power.denominator), _as_term(self._number(Fraction(power.numerator))))
        if abs(power) > LARGEST_POWER and len(base.numerator) + len(base.denominator) > 2:
            raise NotPolynomial(f"the power {power}, too large to be multiplied out,")
        if power < 0:
            return self._power(self._divide(_as_term(self._number(Fraction(1))), base), self._negative(exponent))
        return Term(base.numerator ** int(power), base.denominator ** int(power), base.conditions)

    def _root(self, x: Term, degree: int) -> Term:
        if degree == 2 and (root := self._exact_root(x)) is not None:
            return root
        key = (degree, str(x.numerator), str(x.denominator))
        if key not in self._known:
            zero = _as_term(self._number(Fraction(0)))
            root, variable = self._witness(nonnegative=True)
            power = Term(root.numerator**degree, root.denominator)
            self._known[key] = Term(
                root.numerator,
                root.denominator,
                (*x.conditions, variable >= 0, self.compare(power, "==", x), self.compare(x, ">=", zero)),
            )
        return self._known[key]

    def _exact_root(self, x: Term) -> Term | None:
        from flint.utils.flint_exceptions import DomainError

        try:
            numerator, denominator = x.numerator.sqrt(), x.denominator.sqrt()
        except DomainError:  # no perfect square
            return None
        sign = self._sign(numerator) * self._sign(denominator) if numerator else 1
        return Term(numerator * sign, denominator, x.conditions) if sign else None

    def _where(self, condition: "tuple[Any, tuple[Any, ...]]", a: Term, b: Term) -> Term:
        import z3

        holds, conditions = condition
        chosen, _ = self._witness()
        yes = z3.Implies(holds, z3.And(*a.conditions, self.compare(chosen, "==", a)))
        no = z3.Implies(z3.Not(holds), z3.And(*b.conditions, self.compare(chosen, "==", b)))
        return Term(chosen.numerator, chosen.denominator, (*conditions, yes, no))

    def _condition(self, a: Term, sign: str, b: Term) -> "tuple[Any, tuple[Any, ...]]":
        return self.compare(a, sign, b), (*a.conditions, *b.conditions)

    def _absolute(self, x: Term) -> Term:
        sign = self._sign(x.numerator) * self._sign(x.denominator) if x.numerator else 1
        if sign:
            return x if sign > 0 else self._negative(x)
        return self._where(self._condition(x, ">=", self._term(0)), x, self._negative(x))

    def _signum(self, x: Term) -> Term:
        zero = self._term(0)
        below = self._where(self._condition(x, "<", zero), self._term(-1), zero)
        return self._where(self._condition(x, ">", zero), self._term(1), below)

    def _term(self, value: int) -> Term:
        return _as_term(self._number(Fraction(value)))

    def _transcendental(self, name: str, *arguments: Term) -> Term:
        from .smt_relaxation import bounds

        if not self.relaxed:
            raise NotPolynomial(name if name != "**" else "a power with a variable exponent")
        key = (name, *(str(p) for a in arguments for p in (a.numerator, a.denominator)))
        if key not in self._known:
            value, _ = self._witness()
            given = tuple(c for a in arguments for c in a.conditions)
            facts = bounds(name, value, arguments, self)
            self._known[key] = Term(value.numerator, value.denominator, (*given, *facts))
        return self._known[key]

    def _dialect(self) -> Dialect:
        def term(x: Any) -> Any:
            return self._transcendental(x.name) if isinstance(x, _Constant) else x

        def of_terms(function: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *terms: function(*map(term, terms))

        def smaller(a: Term, b: Term) -> Term:
            return self._where(self._condition(a, "<=", b), a, b)

        def larger(a: Term, b: Term) -> Term:
            return self._where(self._condition(a, ">=", b), a, b)

        functions: dict[str, Callable[..., Any]] = {
            name: lambda *terms, name=name: self._transcendental(name, *terms) for name in FUNCTIONS
        }

        def power(a: Any, b: Any) -> Term:
            natural = isinstance(a, _Constant) and a.name == "e"
            return self._transcendental("exp", term(b)) if natural else self._power(term(a), term(b))

        functions |= {
            "+": self._add, "-": lambda a, b: self._add(a, self._negative(b)), "neg": self._negative,
            "*": self._multiply, "/": self._divide, "**": power, "sqrt": lambda x: self._root(x, 2),
            "abs": self._absolute, "sign": self._signum, "where": self._where,
            "min": lambda *terms: reduce(smaller, terms), "max": lambda *terms: reduce(larger, terms),
            **{s: lambda a, b, s=s: self._condition(a, s, b) for s in ("<", "<=", ">", ">=")},
        }  # fmt: skip
        return Dialect(
            exact=True,
            number=lambda value: _as_term(self._number(value)),
            variable=lambda value: value,
            functions={name: f if name == "**" else of_terms(f) for name, f in functions.items()},
            constants={"pi": _Constant("pi"), "e": _Constant("e")},
            finish=lambda result, values: term(result),
        )


def _as_term(polynomial: Any) -> Term:
    return Term(polynomial, polynomial.context().constant(1))


def _constant_value(term: Term) -> Fraction | None:
    if not (term.numerator.is_constant() and term.denominator.is_constant()):
        return None
    if not term.numerator:
        return Fraction(0)
    value = term.numerator.leading_coefficient() / term.denominator.leading_coefficient()
    return Fraction(int(value.p), int(value.q))

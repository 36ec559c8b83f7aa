"""Formulas of landscapes as JavaScript and as GLSL: SymPy's derivatives, common subexpressions, SymPy's printers.

    text -> SymPy -> value, gradient, Hessian -> cse -> assignments in the target language

Functions are written out as source, so that the page evaluates no text. Whole powers become products: in GLSL `pow` has
no answer for a negative base, in JavaScript it is slow.
"""

import functools
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..landscapes import CLOSED_FORM, get_landscape
from ..landscapes.critical_points import critical_points
from ..landscapes.landscape import ClosedForm
from .presets import RULES

if TYPE_CHECKING:
    import sympy

LARGEST_PRODUCT = 16
"""Powers up to this one are written as products."""
GLSL_FUNCTIONS = ("sinh", "cosh", "asinh", "acosh", "atanh")
"""Functions that GLSL ES 3.00 has and SymPy's printer does not know; `tanh` goes through `boundedTanh`."""
_BOUNDED_TANH = "float boundedTanh(float x) { return tanh(clamp(x, -20.0, 20.0)); }\n"
"""Some drivers answer NaN for tanh beyond the range of exp; at 20 it is 1 in float32."""


def landscape_source(landscape: ClosedForm) -> str:
    """A landscape as the source of a JavaScript object: what it declares, its critical points, its functions.

    Args:
        landscape: Any closed form of one or two coordinates, the user's own included.
    Returns:
        ``{ name: ..., value(w) {...}, gradient(w, out) {...}, gradients(n, x, y, gx, gy) {...}, hessian(w, out) {...},
        glsl: ... }``; rows one by one. `gradients` is the gradient at n points. With two coordinates there is also
        ``advance``, for every rule a whole step of n starts, which is what a page computes most; it uses names of
        ``core/rules.js``.
    Raises:
        ValueError: More than two coordinates.
    """
    if landscape.dimension > 2:
        raise ValueError(f"the explorer shows one or two coordinates, {landscape.name} has {landscape.dimension}")
    facts = {
        "name": landscape.name,
        "title": landscape.title or landscape.name,
        "source": landscape.source,
        "variables": list(landscape.variables),
        "dimension": landscape.dimension,
        "domain": [[float(x) for x in side] for side in landscape.domain or ((-2, 2),) * landscape.dimension],
        "formula": landscape.text,
        "criticalPoints": [_point(point) for point in critical_points(landscape)],
    }
    members = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    members += [*_functions(landscape), f"glsl: {json.dumps(glsl_source(landscape))}"]
    return "{\n  " + ",\n  ".join(members) + ",\n}"


def catalogue_source() -> str:
    """The module ``generated/landscapes.js``: closed forms of one or two coordinates, default parameters."""
    landscapes = [get_landscape(name) for name in CLOSED_FORM]
    shown = [one for one in landscapes if isinstance(one, ClosedForm) and one.dimension <= 2]
    entries = "\n".join(f"{json.dumps(one.name)}: {landscape_source(one)}," for one in shown)
    parts = "import { along, ratio, reach } from '../core/rules.js';"
    written = "// Written by `python -m samscape.explorer.build`."
    return f"{written}\n\n{parts}\n\nexport const LANDSCAPES = {{\n{entries}\n}};\n"


def glsl_source(landscape: ClosedForm) -> str:
    """``float value(vec2 w)`` and ``vec2 gradient(vec2 w)`` in GLSL ES 3.00; of one coordinate with ``float`` alone."""
    kind = "vec2" if landscape.dimension == 2 else "float"
    names = ("w.x", "w.y") if landscape.dimension == 2 else ("w",)
    value, gradient, _ = _expressions(landscape)

    def body(expressions: "Sequence[sympy.Expr]", answer: str) -> str:
        lines, answers = _statements(expressions, landscape, printers()[1], names, "float")
        return "\n".join(f"  {line}" for line in [*lines, f"return {answer.format(*answers)};"])

    slots = "vec2({}, {})" if landscape.dimension == 2 else "{}"
    text = f"float value({kind} w) {{\n{body([value], '{}')}\n}}\n"
    text += f"{kind} gradient({kind} w) {{\n{body(gradient, slots)}\n}}\n"
    return (_BOUNDED_TANH if "boundedTanh" in text else "") + text


def _point(point: Any) -> dict[str, Any]:
    return {
        "w": [_number(x) for x in point.w],
        "kind": point.kind,
        "value": _number(point.value),
        "sharpness": _number(point.sharpness),
        "members": None if point.isolated else [[_number(x) for x in member] for member in point.members],
    }


def _number(x: Any) -> float:
    found = float(x)
    if not math.isfinite(found):
        raise ValueError(f"a critical point has the entry {found}, which JSON cannot hold")
    return found + 0.0


def _expressions(landscape: ClosedForm) -> "tuple[sympy.Expr, Sequence[sympy.Expr], Sequence[sympy.Expr]]":
    d = landscape.dimension
    hessian = landscape.symbolic_hessian
    rows: Any = [hessian[i, j] for i in range(d) for j in range(d)]
    return landscape.expression, list(landscape.symbolic_gradient), rows


def _functions(landscape: ClosedForm) -> tuple[str, ...]:
    value, gradient, hessian = _expressions(landscape)
    names = tuple(f"w[{i}]" for i in range(landscape.dimension))

    def body(expressions: "Sequence[sympy.Expr]", into: str) -> str:
        lines, answers = _statements(expressions, landscape, printers()[0], names, "const")
        if into:
            lines += [f"{into}[{i}] = {answer};" for i, answer in enumerate(answers)]
        lines.append(f"return {into or answers[0]};")
        return "\n".join(f"    {line}" for line in lines)

    functions = (
        f"value(w) {{\n{body([value], '')}\n  }}",
        f"gradient(w, out) {{\n{body(gradient, 'out')}\n  }}",
        f"gradients(n, x, y, gx, gy) {{\n{_many(gradient, landscape)}\n  }}",
        f"hessian(w, out) {{\n{body(hessian, 'out')}\n  }}",
    )
    if landscape.dimension < 2:
        return functions
    steps = ",\n".join(_advance(gradient, landscape, kind) for kind in range(len(RULES)))
    return (*functions, f"advance: [\n{steps},\n  ]")


def _many(gradient: "Sequence[sympy.Expr]", landscape: ClosedForm) -> str:
    """The gradient at the points (x[i], y[i]), in one loop without calls, into gx and gy."""
    lines, answers = _statements(gradient, landscape, printers()[0], ("x[i]", "y[i]"), "const")
    lines += [f"{into}[i] = {answer};" for into, answer in zip(("gx", "gy"), answers)]
    inner = "\n".join(f"      {line}" for line in lines)
    return f"    for (let i = 0; i < n; i += 1) {{\n{inner}\n    }}"


def _advance(gradient: "Sequence[sympy.Expr]", landscape: ClosedForm, kind: int) -> str:
    """One step of n starts in one loop, places also into w at `at`, `at + row`, ...; the rule's number is a literal.

    With the rule a variable, the compiled loop takes twice as long.
    """

    def at(names: tuple[str, str]) -> list[str]:
        lines, answers = _statements(gradient, landscape, printers()[0], names, "const")
        return ["{", *lines, *(f"h{i} = {answer};" for i, answer in enumerate(answers)), "}"]

    lines = ["const u = x[i], v = y[i];", "let h0, h1;", *at(("u", "v"))]
    if RULES[kind] != "gd":
        lines += ["const g0 = h0, g1 = h1;", f"const r = reach({kind}, rho, u, v, g0, g1);"]
        lines += [f"const a = u + r*along({kind}, u, g0), b = v + r*along({kind}, v, g1);", *at(("a", "b"))]
    if RULES[kind] == "stable_sam":
        lines += ["const f = ratio(g0, g1, h0, h1);", "h0 *= f;", "h1 *= f;"]
    lines += ["const p = u - eta*h0, q = v - eta*h1;", "x[i] = p;", "y[i] = q;", "w[at] = p;", "w[at + 1] = q;"]
    inner = "\n".join(f"      {line}" for line in [*lines, "at += row;"])
    return f"    (eta, rho, n, x, y, w, at, row) => {{\n    for (let i = 0; i < n; i += 1) {{\n{inner}\n    }}\n    }}"


def _statements(
    expressions: "Sequence[sympy.Expr]", landscape: ClosedForm, printer: Any, names: Sequence[str], kind: str
) -> tuple[list[str], list[str]]:
    """Assignments to constants, and the expressions in terms of them; the coordinates are read before anything else."""
    import sympy

    coordinates = [sympy.Symbol(f"p{i}", real=True) for i in range(landscape.dimension)]
    renaming = {sympy.Symbol(name, real=True): c for name, c in zip(landscape.variables, coordinates)}
    shared, reduced = sympy.cse([e.xreplace(renaming) for e in expressions], sympy.numbered_symbols("t", real=True))
    used = {symbol for e in expressions for symbol in e.xreplace(renaming).free_symbols}
    lines = [f"{kind} {c} = {name};" for c, name in zip(coordinates, names) if c in used]
    lines += [f"{kind} {symbol} = {printer.doprint(e)};" for symbol, e in shared]
    return lines, [printer.doprint(e) for e in reduced]


@functools.cache
def printers() -> tuple[Any, Any]:
    """SymPy's printers for JavaScript and for GLSL, with whole powers as products and, in GLSL, floats alone."""
    from sympy.printing.glsl import GLSLPrinter
    from sympy.printing.jscode import JavascriptCodePrinter
    from sympy.printing.precedence import PRECEDENCE

    def product(printer: Any, expression: Any) -> str | None:
        exponent = expression.exp
        if not exponent.is_Integer or not 1 <= abs(int(exponent)) <= LARGEST_PRODUCT:
            return None
        factor = printer.parenthesize(expression.base, PRECEDENCE["Mul"] + 1)
        text = f"({'*'.join([factor] * abs(int(exponent)))})"  # in brackets: it may stand below a fraction line
        return text if exponent > 0 else f"({printer.one}/{text})"

    class JavaScript(JavascriptCodePrinter):
        one = "1"

        def _print_Pow(self, expr: Any) -> str:
            return product(self, expr) or str(super()._print_Pow(expr))

    class Glsl(GLSLPrinter):
        one = "1.0"

        def _print_Pow(self, expr: Any) -> str:
            return product(self, expr) or str(super()._print_Pow(expr))

        def _print_Integer(self, expr: Any) -> str:
            return f"{int(expr)}.0"

        def _print_Pi(self, expr: Any) -> str:
            return "3.14159265358979"

        def _print_Exp1(self, expr: Any) -> str:
            return "2.71828182845905"

        def _print_Max(self, expr: Any) -> str:
            return functools.reduce(lambda a, b: f"max({a}, {b})", map(self._print, expr.args))

        def _print_Min(self, expr: Any) -> str:
            return functools.reduce(lambda a, b: f"min({a}, {b})", map(self._print, expr.args))

    known = {name: name for name in GLSL_FUNCTIONS} | {"tanh": "boundedTanh"}
    return JavaScript({}), Glsl({"user_functions": known})

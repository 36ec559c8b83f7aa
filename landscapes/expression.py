"""Formulas: text in, arithmetic out, and no code evaluated on the way.

A formula such as ``x**4/4 - x*y + y**2/2`` is parsed once with Python's own grammar and kept as a syntax
tree. Walking the tree with a *dialect* (a table of functions and a rule for numbers) gives its value:
in ``jax.numpy`` at trace time, in ``numpy``, or as an exact SymPy expression. Nothing is passed to ``eval``.
"""

import ast
import difflib
import functools
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    # name: (fewest arguments, most arguments)
    **dict.fromkeys(("sin", "cos", "tan", "asin", "acos", "atan"), (1, 1)),
    **dict.fromkeys(("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"), (1, 1)),
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "sign"), (1, 1)),
    **dict.fromkeys(("min", "max"), (2, 9)),
    "where": (3, 3),
}
CONSTANTS = ("pi", "e")
_OPERATORS: Mapping[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class FormulaError(ValueError):
    """A formula that cannot be read. `position` (0-based) and `reason` say where and why."""

    def __init__(self, text: str, position: int, reason: str):
        self.text, self.position, self.reason = text, position, reason
        super().__init__(f"{reason} (at character {position + 1})\n    {text}\n    {' ' * position}^")


@dataclass(frozen=True)
class Dialect:
    """What a formula's numbers, constants and functions mean in one system of arithmetic."""

    number: Callable[[int | Fraction], Any]
    functions: Mapping[str, Callable[..., Any]]
    constants: Mapping[str, Any]


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its `text` and the names of its `variables`, in order."""

    text: str
    variables: tuple[str, ...]

    def evaluate(self, values: Sequence[Any], dialect: Dialect) -> Any:
        """The value with `values` in place of the variables (same order), computed in `dialect`."""
        if len(values) != len(self.variables):
            raise ValueError(
                f"the formula has {len(self.variables)} variables {self.variables}, got {len(values)} values"
            )
        names = {**dialect.constants, **dict(zip(self.variables, values, strict=True))}
        return _walk(_parse(self.text), names, dialect)

    def to_sympy(self) -> Any:
        """The formula as an exact SymPy expression in real symbols named as the variables."""
        import sympy

        return self.evaluate([sympy.Symbol(v, real=True) for v in self.variables], sympy_dialect())


def parse_formula(text: str, variables: Sequence[str] | None = None) -> Formula:
    """Read a formula.

    Args:
        text: Arithmetic (``+ - * / ** ^``), numbers, the functions in `FUNCTIONS`, the constants ``pi`` and
            ``e``, variables, and ``where(x < 1, a, b)`` for pieces. Numbers are exact: ``0.1`` is 1/10.
        variables: Names in the order of the coordinates; by default those found, in alphabetical order.
    Raises:
        FormulaError: Not a formula; the message points at the character and gives the reason.
    """
    found = sorted(_names(_parse(text), text))
    if variables is None:
        variables = found
    for name in found:
        if name not in variables:
            at = next(n.col_offset for n in ast.walk(_parse(text)) if isinstance(n, ast.Name) and n.id == name)
            known = ", ".join(variables) or "none"
            raise FormulaError(text, at, f"unknown variable {name!r}; the variables are: {known}")
    if not variables:
        raise FormulaError(text, 0, "a landscape needs at least one variable, this formula has none")
    return Formula(text, tuple(variables))


def numpy_like_dialect(module: ModuleType) -> Dialect:
    """The dialect of `numpy` or `jax.numpy`. Numbers stay Python scalars, so float32 arrays stay float32."""
    functions = {
        "sin": module.sin, "cos": module.cos, "tan": module.tan,
        "asin": module.arcsin, "acos": module.arccos, "atan": module.arctan,
        "sinh": module.sinh, "cosh": module.cosh, "tanh": module.tanh,
        "asinh": module.arcsinh, "acosh": module.arccosh, "atanh": module.arctanh,
        "exp": module.exp, "log": module.log, "sqrt": module.sqrt, "abs": module.abs, "sign": module.sign,
        "min": lambda *a: functools.reduce(module.minimum, a),
        "max": lambda *a: functools.reduce(module.maximum, a),
        "where": module.where,
    }  # fmt: skip
    constants = {"pi": 3.141592653589793, "e": 2.718281828459045}
    return Dialect(lambda v: v if isinstance(v, int) else float(v), functions, constants)


@functools.cache
def sympy_dialect() -> Dialect:
    """The exact dialect: integers and rationals of SymPy; `where` becomes a Piecewise."""
    import sympy

    names = (
        "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log sqrt sign".split()
    )
    functions: dict[str, Callable[..., Any]] = {name: getattr(sympy, name) for name in names}
    functions |= {"abs": sympy.Abs, "min": sympy.Min, "max": sympy.Max}
    functions["where"] = lambda condition, a, b: sympy.Piecewise((a, condition), (b, True))

    def number(value: int | Fraction) -> Any:
        return sympy.Integer(value) if isinstance(value, int) else sympy.Rational(value.numerator, value.denominator)

    return Dialect(number, functions, {"pi": sympy.pi, "e": sympy.E})


def _origin(text: str, column: int) -> int:
    """The position in `text` of a column of the tree, which was read with every ``^`` written as ``**``."""
    widths = (2 if c == "^" else 1 for c in text)
    total = 0
    for position, width in enumerate(widths):
        total += width
        if total > column:
            return position
    return len(text)


@functools.lru_cache(maxsize=1024)
def _parse(text: str) -> ast.expr:
    if not text.isascii():
        at = next(i for i, c in enumerate(text) if not c.isascii())
        raise FormulaError(text, at, f"the character {text[at]!r} is not allowed")
    lead = len(text) - len(text.lstrip())
    if not text.strip():
        raise FormulaError(text, 0, "the formula is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of `2(x)`; the walk below refuses it with its position
            tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except SyntaxError as error:
        column = _origin(text.strip(), max((error.offset or 1) - 1, 0)) + lead
        raise FormulaError(text, min(column, len(text)), f"not a formula: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise FormulaError(text, 0, "the formula is nested too deeply") from None
    for node in ast.walk(tree):  # positions in the text as the user typed it
        if hasattr(node, "col_offset"):
            node.col_offset = _origin(text.strip(), node.col_offset) + lead  # type: ignore[attr-defined]
    return tree


def _names(node: ast.expr, text: str) -> set[str]:
    """The variables of a tree. Calls are checked here too, so that a bad one is found before any arithmetic."""
    found: set[str] = set()
    called: set[int] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            called.add(id(part.func))
            _check_call(part, text)
        elif isinstance(part, ast.Name) and id(part) not in called and part.id not in CONSTANTS:
            if part.id in FUNCTIONS:
                raise FormulaError(text, part.col_offset, f"{part.id!r} is a function; write {part.id}(...)")
            found.add(part.id)
        elif isinstance(part, ast.expr) and not isinstance(part, _ALLOWED):
            raise FormulaError(text, part.col_offset, f"{type(part).__name__} is not part of a formula")
        elif isinstance(part, ast.operator | ast.unaryop | ast.cmpop) and type(part) not in _OPERATORS:
            at = next(n for n in ast.walk(node) if part in ast.iter_child_nodes(n)).col_offset  # type: ignore[attr-defined]
            raise FormulaError(text, at, f"the operator {type(part).__name__} is not part of a formula")
        elif isinstance(part, ast.Constant):
            _number(part, text)
    return found


_ALLOWED = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Name, ast.Constant)


def _check_call(call: ast.Call, text: str) -> None:
    if not isinstance(call.func, ast.Name):
        raise FormulaError(text, call.col_offset, "only named functions can be called; write * for a product")
    name = call.func.id
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the functions are: {', '.join(sorted(FUNCTIONS))}"
        raise FormulaError(text, call.col_offset, f"unknown function {name!r}; {hint}")
    fewest, most = FUNCTIONS[name]
    if call.keywords or not fewest <= len(call.args) <= most:
        raise FormulaError(text, call.col_offset, f"{name} takes {fewest}{f' to {most}' if most > fewest else ''} arguments")


def _number(node: ast.Constant, text: str) -> int | Fraction:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        kind = "an imaginary number; a loss is real" if isinstance(node.value, complex) else "not a number"
        raise FormulaError(text, node.col_offset, f"{node.value!r} is {kind}")
    value = Fraction(str(node.value))
    return value.numerator if value.denominator == 1 else value


def _walk(node: ast.expr, names: Mapping[str, Any], dialect: Dialect) -> Any:
    if isinstance(node, ast.Constant):
        value = Fraction(str(node.value))
        return dialect.number(value.numerator if value.denominator == 1 else value)
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_walk(node.operand, names, dialect))
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_walk(node.left, names, dialect), _walk(node.right, names, dialect))
    if isinstance(node, ast.Compare):
        return _OPERATORS[type(node.ops[0])](_walk(node.left, names, dialect), _walk(node.comparators[0], names, dialect))
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return dialect.functions[node.func.id](*[_walk(a, names, dialect) for a in node.args])

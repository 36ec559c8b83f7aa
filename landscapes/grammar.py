"""The grammar of formulas: text in, arithmetic steps in postfix order out, every one with its place in the text.

    comparison := sum [ < | <= | > | >= sum ]          only as the condition of where(condition, a, b)
    sum        := product { + | - product }
    product    := signed { * | / signed }
    signed     := { + | - } power
    power      := atom [ ** | ^ signed ]               so -x^2 = -(x^2) and x^y^z = x^(y^z), as in Python
    atom       := number | name | function(sum, ...) | ( comparison )

Nothing but this is accepted and nothing is evaluated. Numbers are kept as exact fractions.
"""

import difflib
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

PLAIN_FUNCTIONS = (
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "exp", "log", "sqrt",
)  # fmt: skip
"""Those that `math` and SymPy call by the same names."""
FUNCTIONS: Mapping[str, tuple[int, int]] = {
    # name: (fewest arguments, most arguments)
    **dict.fromkeys((*PLAIN_FUNCTIONS, "abs", "sign"), (1, 1)),
    **dict.fromkeys(("min", "max"), (2, 9)),
    "where": (3, 3),
}
CONSTANTS = ("pi", "e")
COMPARISONS = ("<", "<=", ">", ">=")
LONGEST_TEXT = 10_000
DEEPEST_NESTING = 100

_PRECEDENCE = {**dict.fromkeys(COMPARISONS, 0), "+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
_RESERVED = {
    "I": "the imaginary unit; a loss is real",
    **dict.fromkeys(("inf", "oo", "nan", "zoo"), "not a number; a loss is finite"),
}
_HINTS = {
    "²": "write **2", "³": "write **3", "×": "write *", "·": "write *", "−": "write -", "π": "write pi",
    "√": "write sqrt(...)", "|": "write abs(...)", "[": "write ( )", "{": "write ( )",
    "=": "give only what would stand to the right of it", "&": "nest where(condition, a, b)",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<symbol>\*\*|<=|>=|[-+*/^()<>,])|(?P<space>[ \t\r\n]+)"
)


class FormulaError(ValueError):
    """A formula that cannot be used. `position` (0-based) and `reason` say where and why."""

    def __init__(self, text: str, position: int, reason: str):
        self.text, self.position, self.reason = text, position, reason
        low = max(0, position - 60)
        shown = "".join(c if c.isprintable() else " " for c in text[low : position + 40])
        super().__init__(f"{reason} (at character {position + 1})\n    {shown}\n    {' ' * (position - low)}^")


@dataclass(frozen=True, slots=True)
class Step:
    """One step in postfix order: push a number or a name, or replace the last `arity` values by their `name`.

    Attributes:
        name: A variable, constant, function, operator or "neg"; "" for a number.
        arity: How many values it takes; 0 for what is pushed.
        position: The character that an error should point at.
        start, end: The part of the text that the result stands for.
        value: The number pushed, exact; after folding also a float or the truth of a comparison.
    """

    name: str
    arity: int
    position: int
    start: int
    end: int
    value: Fraction | float | bool | None = None


def check_name(name: str) -> str | None:
    """Why `name` cannot be a variable, or None where it can."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name):
        return f"{name[:70]!r} is not a name: up to 64 letters, digits and _, beginning with a letter"
    if name in FUNCTIONS:
        return f"{name!r} is a function; write {name}(...)"
    if name in CONSTANTS:
        return f"{name!r} is a constant"
    if name in _RESERVED:
        return f"{name!r} is {_RESERVED[name]}"
    if keyword.iskeyword(name):
        return f"{name!r} is a word of Python, not part of a formula; pieces are written where(condition, a, b)"
    return None


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of a formula.

    Raises:
        FormulaError: `text` is not a formula.
    """
    if len(text) > LONGEST_TEXT:
        raise FormulaError(text, LONGEST_TEXT, f"the formula is longer than {LONGEST_TEXT} characters")
    return tuple(_Reader(text).read())


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            hint = f"; {_HINTS[text[at]]}" if text[at] in _HINTS else ""
            raise FormulaError(text, at, f"the character {text[at]!r} is not part of a formula{hint}")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_Token(kind, match.group().replace("^", "**"), at, match.end()))
        at = match.end()
    return [*found, _Token("end", "", len(text.rstrip()), len(text))]


class _Reader:
    """Precedence climbing over the tokens; `steps` grows in postfix order."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.steps: list[Step] = []

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def fail(self, position: int, reason: str) -> FormulaError:
        return FormulaError(self.text, position, reason)

    def read(self) -> list[Step]:
        if self.token.kind == "end":
            raise self.fail(0, "the formula is empty")
        self.loss(self.expression(0))
        if self.token.text == ")":
            raise self.fail(self.token.start, "this ) closes nothing")
        if self.token.text == ",":
            raise self.fail(self.token.start, "a comma belongs between the arguments of a function")
        return self.steps

    def loss(self, condition: int | None) -> None:
        """Refuse a comparison (whose position is given) where a number is needed."""
        if condition is not None:
            raise self.fail(condition, "a comparison belongs in the condition of where(condition, a, b)")

    def expression(self, lowest: int) -> int | None:
        """Read operators that bind at least as tightly as `lowest`; the position of a comparison, None for a number."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise self.fail(self.token.start, f"the formula is nested more than {DEEPEST_NESTING} deep")
        start = self.token.start
        condition = self.operand()
        while _PRECEDENCE.get(self.token.text, -1) >= lowest:
            operator = self.take()
            precedence = _PRECEDENCE[operator.text]
            if operator.text in COMPARISONS and condition is not None:
                raise self.fail(operator.start, "comparisons cannot be chained; nest where(condition, a, b) instead")
            self.loss(condition)
            self.loss(self.expression(precedence if operator.text == "**" else precedence + 1))
            condition = operator.start if operator.text in COMPARISONS else None
            self.push(operator.text, 2, operator.start, start)
        self.depth -= 1
        return condition

    def push(self, name: str, arity: int, position: int, start: int, value: Fraction | None = None) -> None:
        self.steps.append(Step(name, arity, position, start, self.tokens[self.at - 1].end, value))

    def operand(self) -> int | None:
        token = self.take()
        condition = None
        if token.text in ("+", "-"):
            self.loss(self.expression(_PRECEDENCE["**"]))
            if token.text == "-":
                self.push("neg", 1, token.start, token.start)
        elif token.text == "(":
            condition = self.expression(0)
            self.close(token)
        elif token.kind == "number":
            self.push("", 0, token.start, token.start, self.number(token))
        elif token.kind == "name" and self.token.text == "(" and len(token.text) <= 64:
            self.call(token)
        elif token.kind == "name":
            if token.text not in CONSTANTS and (reason := check_name(token.text)):
                raise self.fail(token.start, reason)
            self.push(token.text, 0, token.start, token.start)
        else:
            found = f"but found {token.text!r}" if token.text else "but the formula ends"
            raise self.fail(token.start, f"expected a number, a variable, a function or (, {found}")
        self.operator_follows(token)
        return condition

    def operator_follows(self, before: _Token) -> None:
        following = self.token
        if following.kind not in ("number", "name") and following.text != "(":
            return
        if before.kind == "number" and following.text in ("j", "J", "I") and following.start == before.end:
            raise self.fail(before.start, f"{before.text}{following.text} is imaginary; a loss is real")
        if following.kind == "name" and keyword.iskeyword(following.text):
            raise self.fail(following.start, check_name(following.text) or "")
        raise self.fail(following.start, "an operator is missing; a product is written with *")

    def close(self, opening: _Token) -> None:
        if self.token.kind == "end":
            raise self.fail(opening.start, "this ( is never closed")
        if self.token.text != ")":
            raise self.fail(self.token.start, f"expected ) but found {self.token.text!r}")
        self.take()

    def call(self, name: _Token) -> None:
        if name.text not in FUNCTIONS:
            near = difflib.get_close_matches(name.text, FUNCTIONS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the functions are {', '.join(sorted(FUNCTIONS))}"
            product = "" if check_name(name.text) else f" (a product is written {name.text}*(...))"
            raise self.fail(name.start, f"unknown function {name.text!r}; {hint}{product}")
        opening = self.take()
        conditions: list[int | None] = []
        if self.token.text != ")":
            conditions.append(self.expression(0))
            while self.token.text == ",":
                self.take()
                conditions.append(self.expression(0))
        self.close(opening)
        fewest, most = FUNCTIONS[name.text]
        if not fewest <= len(conditions) <= most:
            wanted = f"{fewest}{f' to {most}' if most > fewest else ''} argument{'s' if most > 1 else ''}"
            raise self.fail(name.start, f"{name.text} takes {wanted}, got {len(conditions)}")
        if name.text == "where" and conditions.pop(0) is None:
            raise self.fail(name.start, "where(condition, a, b) needs a comparison first, such as x < 1")
        for condition in conditions:
            self.loss(condition)
        self.push(name.text, len(conditions) + (name.text == "where"), name.start, name.start)

    def number(self, token: _Token) -> Fraction:
        mantissa, _, exponent = token.text.lower().partition("e")
        if len(token.text) > 400 or abs(int(exponent or 0)) > 400:
            raise self.fail(token.start, "a number this long or this large has no place in double precision")
        exact = Fraction(token.text)
        if exact > Fraction(2) ** 1023 or (exact and float(exact) == 0):
            raise self.fail(token.start, f"{mantissa}e{exponent or 0} is outside the range of double precision")
        return exact

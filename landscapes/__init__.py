"""Landscapes: what is descended.

`LANDSCAPES` is the catalogue; `get_landscape(name, **parameters)` takes one out of it. Adding a landscape is a file of
its own, a line here, and a row in ``tests/landscapes/test_ladder.py`` (with data: ``test_finite_sums.py``).
"""

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from .beale import BEALE
from .cosine import cosine
from .critical_set import CriticalSet as CriticalSet
from .diagonal_network import (
    DiagonalNetwork as DiagonalNetwork,
    diagonal_network,
    sparse_regression as sparse_regression,
)
from .difference_of_squares import difference_of_squares
from .example_c1 import example_c1
from .expression import FormulaError as FormulaError, parse_formula as parse_formula
from .finite_sum import FiniteSum as FiniteSum
from .himmelblau import HIMMELBLAU
from .huber import huber
from .landscape import ClosedForm as ClosedForm, Landscape as Landscape
from .least_squares import LeastSquares as LeastSquares, least_squares
from .log_cosh import LOG_COSH
from .logistic_regression import LogisticRegression as LogisticRegression, logistic_regression
from .lucchi import LUCCHI
from .matyas import MATYAS
from .monkey_saddle import MONKEY_SADDLE
from .one_neuron import ONE_NEURON
from .quadratic import quadratic
from .rastrigin import rastrigin
from .relu_network import ReluNetwork as ReluNetwork, relu_network
from .rosenbrock import ROSENBROCK
from .saddle import SADDLE
from .sqrt_quadratic import SQRT_QUADRATIC
from .styblinski_tang import styblinski_tang
from .tanh_tanh import TANH_TANH
from .tanh_tanh_sum import TanhTanhSum as TanhTanhSum, tanh_tanh_sum
from .three_hump_camel import THREE_HUMP_CAMEL
from .uv import uv

CLOSED_FORM: Mapping[str, ClosedForm | Callable[..., ClosedForm]] = {
    "beale": BEALE,
    "cosine": cosine,
    "difference_of_squares": difference_of_squares,
    "example_c1": example_c1,
    "himmelblau": HIMMELBLAU,
    "huber": huber,
    "log_cosh": LOG_COSH,
    "lucchi": LUCCHI,
    "matyas": MATYAS,
    "monkey_saddle": MONKEY_SADDLE,
    "one_neuron": ONE_NEURON,
    "quadratic": quadratic,
    "rastrigin": rastrigin,
    "rosenbrock": ROSENBROCK,
    "saddle": SADDLE,
    "sqrt_quadratic": SQRT_QUADRATIC,
    "styblinski_tang": styblinski_tang,
    "tanh_tanh": TANH_TANH,
    "three_hump_camel": THREE_HUMP_CAMEL,
    "uv": uv,
}
"""Landscapes with a formula: the landscape itself, or a function that makes it, every argument with a default."""

DATA_DEFINED: Mapping[str, Callable[..., Landscape]] = {
    "diagonal_network": diagonal_network,
    "least_squares": least_squares,
    "logistic_regression": logistic_regression,
    "relu_network": relu_network,
    "tanh_tanh_sum": tanh_tanh_sum,
}
"""Landscapes that are made from data."""

LANDSCAPES: Mapping[str, Landscape | Callable[..., Landscape]] = {**CLOSED_FORM, **DATA_DEFINED}
"""Every landscape by its name."""


def get_landscape(name: str, **parameters: Any) -> Landscape:
    """The landscape of this name.

    Args:
        name: A key of `LANDSCAPES`.
        parameters: Its numbers, where it has some: ``get_landscape("example_c1", a=2, eps="1/10")``.
    Raises:
        ValueError: There is no such landscape (the nearest names are suggested), it has no such parameter, or a
            parameter's value does not fit.
    """
    if name not in LANDSCAPES:
        near = difflib.get_close_matches(name, LANDSCAPES, n=3)
        hint = (
            f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are: {', '.join(sorted(LANDSCAPES))}"
        )
        raise ValueError(f"unknown landscape {name!r}; {hint}")
    entry = LANDSCAPES[name]
    accepted = tuple(inspect.signature(entry).parameters) if callable(entry) else ()
    for parameter in parameters:
        if parameter not in accepted:
            known = f"its parameters are: {', '.join(accepted)}" if accepted else "it has none"
            raise ValueError(f"the landscape {name!r} has no parameter {parameter!r}; {known}")
    return entry(**parameters) if callable(entry) else entry


def _of_dimension(d: int) -> tuple[str, ...]:
    closed_forms = ((name, entry() if callable(entry) else entry) for name, entry in CLOSED_FORM.items())
    return tuple(name for name, landscape in closed_forms if landscape.dimension == d)


ONE_DIMENSIONAL = _of_dimension(1)
"""Names of the closed forms in one coordinate."""
TWO_DIMENSIONAL = _of_dimension(2)
"""Names of the closed forms in two coordinates: those with a portrait."""

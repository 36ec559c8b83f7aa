"""`samscape landscapes`: what can be descended, and what is known about it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .choices import choose_landscape
from .options import Json
from .output import answers_errors, print_json, print_table

if TYPE_CHECKING:
    from ..landscapes import Landscape

EXAMPLES = (
    "samscape landscapes",
    "samscape landscapes lucchi",
    "samscape landscapes 'x**4/4 - x*y + y**2/2' --window -2:2 --json",
    "samscape landscapes 'example_c1(a=2, eps=1/10)'",
)


@answers_errors
def run(
    landscape: Annotated[
        str | None, typer.Argument(metavar="[LANDSCAPE]", help="A name, or a formula in quotes.", show_default=False)
    ] = None,
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="LOW:HIGH", help="For a formula: where to look.  [default: -2:2]", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the landscapes, or describe one with its critical points."""
    if landscape is not None:
        _describe(choose_landscape(landscape, window), as_json)
        return
    from ..landscapes import LANDSCAPES

    entries = {name: (entry() if callable(entry) else entry) for name, entry in LANDSCAPES.items()}
    facts = {name: _facts(entry) for name, entry in entries.items()}
    if as_json:
        print_json(facts)
        return
    rows = [(name, str(fact["dimension"]), fact["title"], fact["source"]) for name, fact in facts.items()]
    print_table("", ("landscape", "d", "what", "source"), rows, numeric=(1,))


def _facts(landscape: "Landscape") -> dict[str, Any]:
    wanted = ("name", "title", "dimension", "text", "variables", "domain", "source")
    return {name: getattr(landscape, name, "") for name in wanted}


def _describe(landscape: "Landscape", as_json: bool) -> None:
    points = landscape.critical_points() if hasattr(landscape, "text") else []
    families = [s for s in getattr(landscape, "critical_sets", ()) if s.family]
    if as_json:
        found = [{"w": p.w, "kind": p.kind, "value": p.value, "eigenvalues": p.eigenvalues} for p in points]
        print_json({**_facts(landscape), "critical_points": found})
        return
    for name, value in _facts(landscape).items():
        if value != "":
            typer.echo(f"{name + ':':<11} {value}")
    rows = []
    print_table("\ncritical points", ("kind", "w", "loss", "Hessian eigenvalues"), rows)

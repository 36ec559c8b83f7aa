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

SEARCHED = 10
"""Coordinates up to which critical points are searched for."""
LABELS = {"text": "loss", "variables": "variables", "dimension": "dimension", "domain": "window", "source": "source"}


@answers_errors
def run(
    landscape: Annotated[
        str | None, typer.Argument(metavar="[LANDSCAPE]", help="A name, or a formula in quotes.", show_default=False)
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(
            "--window", metavar="LOW:HIGH", help="For a formula: where to look.  \\[default: -2:2]", show_default=False
        ),
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
    from ..landscapes.critical_points import table

    # a search costs a Hessian's eigenvalues per start: for the many coordinates of a network it is not what is wanted
    points = landscape.critical_points() if landscape.dimension <= SEARCHED else None
    wanted = ("w", "kind", "index", "value", "eigenvalues", "declared", "inside", "set_dimension")
    if as_json:
        found = None if points is None else [{name: getattr(p, name) for name in wanted} for p in points]
        print_json({**_facts(landscape), "critical_points": found})
        return
    facts = _facts(landscape)
    facts["variables"] = ", ".join(facts["variables"])
    sides = [f"[{low:g}, {high:g}]" for low, high in facts["domain"]]
    alike = len(sides) > 3 and len(set(sides)) == 1
    facts["domain"] = f"{sides[0]} in every coordinate" if alike else " x ".join(sides)
    typer.echo(facts["title"] or facts["name"])
    for name, label in LABELS.items():
        if facts[name] not in ("", None):
            typer.echo(f"{label:<12}{facts[name]}")
    if points is None:
        typer.echo(f"\nCritical points are searched for up to {SEARCHED} coordinates.")
    else:
        typer.echo(
            "\n" + (table(points, getattr(landscape, "variables", ())) if points else "No critical point found.")
        )

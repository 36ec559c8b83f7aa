"""`samscape rules`: the update rules there are."""

import json
from typing import Annotated

import typer

from .options import Json
from .output import answers_errors, print_json, print_table

EXAMPLES = ("samscape rules", "samscape rules looksam --json")


@answers_errors
def run(
    name: Annotated[str | None, typer.Argument(help="One rule, in full.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """List the update rules, with the numbers each takes."""
    from ..dynamics.methods import ALIASES, METHODS, resolve

    chosen = METHODS if name is None else {resolve(name): METHODS[resolve(name)]}
    if as_json:
        print_json({key: {"title": m.title, "numbers": m.numbers, "source": m.source} for key, m in chosen.items()})
        return
    rows = [
        (
            key,
            m.title,
            ", ".join(f"{n}={json.dumps(v)}".replace("null", "none") for n, v in m.numbers.items()),
            m.source,
        )
        for key, m in chosen.items()
    ]
    print_table("", ("rule", "method", "numbers beside eta", "source"), rows)
    if name is None:
        typer.echo("\nOther spellings: " + ", ".join(f"{a} = {k}" for a, k in ALIASES.items()))

"""`samscape cifar plan`: what the networks' experiments consist of and what they cost, before anything runs."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import answers_errors, print_json, print_table

if TYPE_CHECKING:
    from ..cifar.costs import Cost
    from ..cifar.plan import Run
    from ..cifar.recipes import Recipe

EXAMPLES = (
    "samscape cifar plan",
    "samscape cifar plan zhou2025-fig1 --preset release --runs",
    "samscape cifar plan zhou2025-fig3 zhou2025-fig5 --json",
)
PRESET_HELP = "What the text says (paper), or what the authors' code does (release)."


@answers_errors
def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="[RECIPE]...", help="Recipes; all if none.")] = None,
    preset: Annotated[str, typer.Option("--preset", help=PRESET_HELP)] = "paper",
    runs: Annotated[bool, typer.Option("--runs", help="List every run, with the checkpoint it starts from.")] = False,
    settings: Annotated[bool, typer.Option("--settings", help="List every value, with where it is from.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List runs, forks, hours and disk of recipes, each endpoint from its own start and with shared beginnings.

    Hours are counted, not measured: one H200 at 65 % of the roofline floor, with input and evaluation. A run that two
    recipes need is counted once in the last line.
    """
    from ..cifar.plan import runs_of
    from ..cifar.recipes import load_recipe, recipes

    chosen = [load_recipe(name, preset) for name in names or recipes()]
    if as_json:
        print_json(_summary(chosen, runs, settings))
        return
    _print_costs(chosen)
    for recipe in chosen:
        if runs:
            header = ("run", "network", "epochs", "with", "starts from", "kept for branches")
            print_table(f"\n{recipe.name}: {recipe.title}", header, [_row(run) for run in runs_of(recipe)])
        if settings:
            _print_settings(recipe)


def _print_costs(chosen: "list[Recipe]") -> None:
    header = ("recipe", "runs", "forks", "EFLOP alone", "shared", "hours alone", "shared", "disk GB")
    rows = []
    uncounted = set()
    for recipe in chosen:
        alone, shared = _costs([recipe])
        uncounted.update(shared.uncounted)
        rows.append((recipe.name, *_numbers(alone, shared)))
    if len(chosen) > 1:
        rows.append(("all of them", *_numbers(*_costs(chosen))))
    print_table(f"preset {chosen[0].preset}", header, rows, numeric=range(1, len(header)))
    if uncounted:
        typer.echo(f"not in EFLOP, hours and disk, being small enough for a processor: {', '.join(sorted(uncounted))}")


def _numbers(alone: "Cost", shared: "Cost") -> tuple[str, ...]:
    counts = (f"{shared.runs}", f"{shared.forks}")
    if shared.eflop == 0:
        return (*counts, "-", "-", "-", "-", "-")
    pairs = (alone.eflop, shared.eflop, alone.hours, shared.hours, shared.disk / 1e9)
    return (*counts, *(f"{x:.2f}" if x < 1 else f"{x:.1f}" for x in pairs))


def _costs(chosen: "list[Recipe]") -> "tuple[Cost, Cost]":
    from ..cifar.costs import alone_cost, shared_cost
    from ..cifar.plan import runs_of_all

    together = runs_of_all(chosen)
    return alone_cost(chosen, together), shared_cost(chosen, together)


def _row(run: "Run") -> tuple[str, ...]:
    kept = ", ".join(map(str, run.forks))
    return (run.id, run.label, f"{run.start} to {run.end}", run.method, run.parent or "-", kept or "-")


def _print_settings(recipe: "Recipe") -> None:
    for label, settings in zip(recipe.labels, recipe.settings, strict=True):
        origins = recipe.origins[label]
        rows = [(key, str(value), origins.get(key, "ours")) for key, value in settings.to_json().items()]
        print_table(f"\n{recipe.name}, {label}", ("setting", "value", "origin"), rows)


def _summary(chosen: "list[Recipe]", runs: bool, settings: bool) -> dict[str, Any]:
    import dataclasses

    from ..cifar.plan import runs_of

    def costs(some: "list[Recipe]") -> dict[str, Any]:
        alone, shared = _costs(some)
        return {"alone": dataclasses.asdict(alone), "shared": dataclasses.asdict(shared)}

    recipes = {}
    for recipe in chosen:
        entry: dict[str, Any] = {"title": recipe.title, "source": recipe.source, **costs([recipe])}
        if runs:
            entry["runs"] = [
                {
                    "id": run.id,
                    "label": run.label,
                    "seed": run.seed,
                    "method": run.method,
                    "start": run.start,
                    "end": run.end,
                    "parent": run.parent,
                    "forks": list(run.forks),
                    "sam_share": run.sam_share,
                    "settings_digest": run.settings_digest,
                }
                for run in runs_of(recipe)
            ]
        if settings:
            entry["settings"] = {
                label: {"values": values.to_json(), "origins": dict(recipe.origins[label])}
                for label, values in zip(recipe.labels, recipe.settings, strict=True)
            }
        recipes[recipe.name] = entry
    return {"preset": chosen[0].preset, "recipes": recipes, "all": costs(chosen)}

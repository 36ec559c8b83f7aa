"""`samscape cifar bench`: seconds per epoch of SGD and SAM, the floor, and PyTorch beside it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from .output import answers_errors

EXAMPLES = (
    "samscape cifar bench wrn-16-1 --batch 64 --steps 10",
    "samscape cifar bench wrn-16-8 wrn-28-10 vgg16-bn resnet20 --steps 100",
)


@answers_errors
def run(
    models: Annotated[list[str] | None, typer.Argument(metavar="[NETWORK]...", help="\\[default: wrn-16-1]")] = None,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Images in a step.")] = 128,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps in a round.")] = 20,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Rounds, after one in which everything compiles.")] = 5,
    torch: Annotated[
        bool | None,
        typer.Option("--torch/--no-torch", help="Race PyTorch too.  \\[default: if installed]", show_default=False),
    ] = None,
    processor_time: Annotated[
        bool, typer.Option("--processor-time", help="Count processor time: for one core of a busy machine.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Also write every round's times, as JSON.")
    ] = None,
) -> None:
    """Time the training of networks on random images of CIFAR's shape, in seconds per epoch of 50,000 images."""
    import dataclasses
    import json

    from .output import check_out, print_table

    check_out(out, (".json",))
    from ..cifar.process import keep_memory

    keep_memory()
    from ..cifar.bench import METHODS, bench

    rows, measured, where = [], [], ""
    for model in models or ["wrn-16-1"]:
        found = bench(model, batch, steps, rounds, torch, processor_time)
        measured.append(dataclasses.asdict(found))
        for method in METHODS:
            seconds, floor = found.seconds(method), found.floor[method]
            against = found.against_torch(method)
            rows.append((
                model, method, f"{seconds:.3g}", f"{floor:.3g}", f"{floor / seconds:.0%}" if found.on_floor else "-",
                f"{found.seconds(method, 'torch'):.3g}" if found.torch else "-",
                "-" if against is None else f"{against:.2f}", f"{found.sam_ratio:.2f}" if method == "sam" else "",
                f"{found.input_share:.1%}" if method == "sgd" else "",
                f"{found.evaluation_share:.1%}" if method == "sgd" else "",
            ))  # fmt: skip
        where = f"{found.device}, {found.dtype}, batch {batch}, " + ", ".join(
            f"{name} {version}" for name, version in found.versions.items()
        )
    head: Any = (
        "network", "method", "s/epoch", "floor H200", "of floor", "PyTorch s", "PyTorch / ours", "SAM / SGD", "input",
        "evaluation",
    )  # fmt: skip
    print_table(where, head, rows, numeric=range(2, len(head)))
    if out is not None:
        out.write_text(json.dumps(measured, indent=2) + "\n")

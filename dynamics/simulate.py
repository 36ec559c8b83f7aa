"""`simulate`: trajectories as an xarray Dataset."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..landscapes.landscape import Landscape
from .observables import DEFAULT, Extra
from .provenance import provenance
from .records import Trajectories
from .results import FORMAT
from .trajectories import trajectories as trajectories

if TYPE_CHECKING:
    import xarray


def simulate(
    landscape: Landscape,
    rule: Any,
    starts: Any,
    steps: int,
    *,
    record: str | int = "full",
    observables: Sequence[str] = DEFAULT,
    extra: Mapping[str, Extra] | None = None,
    key: Any = None,
    batch_size: int | None = None,
    replacement: bool = True,
    dtype: Any = np.float64,
) -> "xarray.Dataset":
    """Run update rules on a landscape and record what they do.

        simulate(LUCCHI, make_rule("sam", 0.1, rho=0.2), [[0.5, -1.0]], 100)["w"]

    Args:
        landscape: What is descended.
        rule: A rule, or several: a list, or a mapping from labels of your own. A rule's numbers may be arrays of one
            length; every setting is then run from every start.
        starts: Shape (N, d), or (d,) for one.
        steps: How many, >= 0.
        record: "full", every step from 0 to `steps`; a stride k, the steps 0, k, 2k, ... and the last; "final", the
            last; "statistics", mean, variance and range over all steps, in constant memory, and the last step.
        observables: Names out of `OBSERVABLES`. Those of a step (its perturbed point, its batch's loss and gradients)
            belong to the step taken from the recorded w; those of the last w to the step that would follow.
        extra: Quantities of your own: name -> ``function(landscape, w)``, a scalar or a vector.
        key: A seed, or a JAX key, where batches or a rule's own choices are drawn. Start i has key fold_in(key, i), its
            step t fold_in of that with t: results depend neither on the other starts nor on the order of the work. The
            same start sees the same draws under every rule and setting.
        batch_size: Examples per step of a finite sum; None: all of them.
        replacement: Draw the examples of a batch independently; else pass through them in shuffled order, b at a time,
            leaving out the n mod b last ones of every pass.
        dtype: float64 or float32.
    Returns:
        A Dataset with dimensions rule, setting, start, step and coordinate, where the run has them; what it was made
        from in its attributes. A trajectory that overflows is data: `first_nonfinite` tells the first step at which w
        was not finite, -1 if it always was.
    Raises:
        ValueError: An argument is not usable, or the records would not fit into memory.
    Notes:
        For the final states of very many starts, `sweep` is faster: it stops trajectories that repeat themselves.
        How a run is recorded does not change w by a bit. Another number of starts, `dtype` or JAX version may round
        differently, and the last digits of normalised SAM are chaotic: compare rates of such runs, not digits.
    """
    return to_dataset(
        trajectories(
            landscape,
            rule,
            starts,
            steps,
            record=record,
            observables=observables,
            extra=extra,
            key=key,
            batch_size=batch_size,
            replacement=replacement,
            dtype=dtype,
        )
    )


def to_dataset(result: Trajectories) -> "xarray.Dataset":
    """Trajectories as a Dataset, with long names and provenance."""
    import xarray

    def arrays(named: Mapping[str, Any]) -> dict[str, Any]:
        # names as Python strings: Zarr has no type yet for text of fixed length
        values = {
            name: v.values.astype(object) if v.values.dtype.kind == "U" else v.values for name, v in named.items()
        }
        return {name: (v.dims, values[name], {"long_name": v.long_name, "units": "1"}) for name, v in named.items()}

    origin = {
        "samscape_kind": "simulate",
        "samscape_format": FORMAT,
        "provenance": json.dumps(provenance(result.started)),
    }
    return xarray.Dataset(arrays(result.variables), arrays(result.coordinates), {**result.attributes, **origin})

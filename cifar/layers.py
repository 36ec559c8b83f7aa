"""What a network computes for one batch, operation by operation, read off the traced program.

    kind         what it is                                  macs a batch
    product      a convolution or a matrix product           entries of the output times fan-in
    norm         BatchNorm in training                       0
    sum          two activations added                       0
    relu         ReLU of such a sum: nothing else absorbs it 0
    pool         maximum over windows                        0

Other element by element work (a ReLU behind BatchNorm, a bias) rides along with its neighbours and is not listed.
Nothing is computed: the network is traced on shapes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from .models.adapter import Model


@dataclass(frozen=True)
class Layer:
    """One operation.

    Attributes:
        kind: See the module's docstring.
        label: Readable, e.g. "conv 3x3 128-128 at 32x32".
        macs: Multiplications with addition of the forward pass.
        inputs, outputs: Entries of the activations read and written by it.
        weights: Entries of its kernel.
    """

    kind: str
    label: str
    macs: int
    inputs: int
    outputs: int
    weights: int = 0


def layers_of(model: Model, batch: int) -> list[Layer]:
    """The operations of a forward pass in training.

    Args:
        model: The network.
        batch: Images.
    """
    x = jax.ShapeDtypeStruct((batch, *model.input_shape), jnp.float32)
    traced = jax.make_jaxpr(lambda params, stats, x: model.apply(params, stats, x, train=True))(*model.shapes, x)
    return list(_walk(traced.jaxpr))


def _walk(jaxpr: Any) -> Iterator[Layer]:
    made_by = {id(out): eqn for eqn in jaxpr.eqns for out in eqn.outvars}
    for eqn in jaxpr.eqns:
        name, inner = eqn.primitive.name, _inner(eqn)
        if inner is not None and eqn.params.get("name") == "batch_norm":
            x = eqn.invars[0].aval
            yield Layer("norm", f"BatchNorm {x.shape[-1]} {_at(x)}", 0, x.size, x.size)
        elif inner is not None and _is_relu(inner):
            x = eqn.invars[0]
            if _is_sum(made_by.get(id(x)), made_by):
                yield Layer("relu", f"ReLU {x.aval.shape[-1]} {_at(x.aval)}", 0, x.aval.size, x.aval.size)
        elif name in ("conv_general_dilated", "dot_general"):
            yield _product(eqn)
        elif _is_sum(eqn, made_by):
            out = eqn.outvars[0].aval
            yield Layer("sum", f"sum {out.shape[-1]} {_at(out)}", 0, 2 * out.size, out.size)
        elif name == "reduce_window_max":
            x, y = eqn.invars[0].aval, eqn.outvars[0].aval
            yield Layer("pool", f"maximum {x.shape[-1]} {_at(x)}", 0, x.size, y.size)
        elif inner is not None:
            yield from _walk(inner)


def _product(eqn: Any) -> Layer:
    x, kernel, y = eqn.invars[0].aval, eqn.invars[1].aval, eqn.outvars[0].aval
    if eqn.primitive.name == "dot_general":
        label = f"linear {kernel.shape[0]}-{kernel.shape[1]}"
    else:  # kernels are (h, w, inputs, outputs)
        height, width, inputs, outputs = kernel.shape
        label = f"conv {height}x{width} {inputs}-{outputs} {_at(y)}"
    fan_in = math.prod(kernel.shape[:-1])
    return Layer("product", label, y.size * fan_in, x.size, y.size, kernel.size)


def _is_sum(eqn: Any, made_by: dict[int, Any]) -> bool:
    """Whether it adds two activations, and not a bias, which comes from a broadcast."""
    if eqn is None or eqn.primitive.name != "add" or eqn.outvars[0].aval.ndim != 4:
        return False
    makers = [made_by.get(id(x)) for x in eqn.invars]
    shapes = [getattr(x.aval, "shape", ()) for x in eqn.invars]
    broadcast = any(maker is not None and maker.primitive.name == "broadcast_in_dim" for maker in makers)
    return shapes[0] == shapes[1] and not broadcast


def _is_relu(inner: Any) -> bool:
    """Whether a call holds `jax.nn.relu` and nothing else."""
    return len(inner.eqns) == 1 and inner.eqns[0].params.get("name") == "relu"


def _inner(eqn: Any) -> Any:
    found = eqn.params.get("jaxpr", eqn.params.get("call_jaxpr"))
    return getattr(found, "jaxpr", found)


def _at(aval: Any) -> str:
    return f"at {aval.shape[1]}x{aval.shape[2]}" if len(aval.shape) == 4 else ""

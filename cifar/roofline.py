"""The least time that a device needs for a network's training, layer by layer, if nothing is fused across layers.

    step = sum over layers of sum over passes of max(FLOPs / peak, bytes / bandwidth)  +  16 bytes P / bandwidth
    epoch = step * images / batch

    layer                  passes
    convolution, product   three (forward; backward to the input, to the weights), each 2 MAC FLOPs and once each of
                           input, output and weights; a convolution's bias: its output 3 times
    BatchNorm with ReLU    its input 3 times forward (statistics, read, write), 5 times backward
    residual sum           its output 3 times forward, 3 times backward
    maximum over windows   its input 1 1/4 times forward, 2 3/4 backward
    update                 weight and momentum, read and written in float32: 16 bytes a parameter, P of them
    SAM                    all layers twice, one update, and w_adv: w and g read, g's norm, w_adv written, 16 bytes each

Numbers are two bytes (bfloat16) wherever nothing else is said. The layers are read off the network as it is traced, so
the count follows the code. The default device is one H200: 790e12 FLOP/s in bfloat16 that matrix products have been
seen to reach, and 4.3e12 bytes/s of memory.

Notes:
    An accounting, not a bound: tensors that fit the second-level cache may beat it, as ResNet-20's do, and a compiler
    that fuses BatchNorm into convolutions would. It leaves out launches, augmentation and evaluation.
    FLOPs and multiplications count padded borders: XLA's own count is 5-7 % lower.
References:
    [1] Williams, Waterman, Patterson (2009). Roofline: an insightful visual performance model. CACM 52(4).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

if TYPE_CHECKING:
    from .models.adapter import Model

WIDTH = 2
UPDATE = 16
PERTURBATION = 16
NORM_PASSES, SUM_PASSES, WINDOW_PASSES, BIAS_PASSES = 8, 6, 4, 3
IMAGES = 50_000


@dataclass(frozen=True)
class Device:
    """What a device can do: FLOP/s of products, bytes/s of memory."""

    name: str
    flops: float
    bandwidth: float


H200 = Device("H200", 790e12, 4.3e12)


@dataclass(frozen=True)
class Layer:
    """One operation of a network on a batch.

    Attributes:
        kind: "conv", "linear", "batch_norm", "residual", "max_pool" or "bias".
        shape: Of what it hands on.
        macs: Multiplications with addition forward.
        numbers: Numbers that a pass moves: input, output and weights of a product; else those of one tensor.
        passes: Over `numbers`, forward and backward.
    """

    kind: str
    shape: tuple[int, ...]
    macs: int
    numbers: int
    passes: int

    def seconds(self, device: Device = H200) -> float:
        """The least time of the layer in one step of SGD."""
        return self.passes * max(2 * self.macs / device.flops, WIDTH * self.numbers / device.bandwidth)


def layers_of(model: "Model", batch: int) -> list[Layer]:
    """The layers of one forward pass, in order.

    Args:
        model: The network.
        batch: Images in it.
    """
    params, stats = model.shapes
    x = jax.ShapeDtypeStruct((batch, *model.input_shape), jnp.float32)
    traced = jax.make_jaxpr(lambda p, s, x: model.apply(p, s, x, train=True)[0])(params, stats, x)
    return list(_layers(traced.jaxpr))


def _layers(jaxpr: Any) -> Iterator[Layer]:
    convolved = set()
    for equation in jaxpr.eqns:
        kind, inputs = equation.primitive.name, [v.aval for v in equation.invars]
        out = equation.outvars[0].aval
        size = math.prod(out.shape)
        name = equation.params.get("name", "")
        if kind in ("conv_general_dilated", "dot_general"):
            moved = math.prod(inputs[0].shape) + math.prod(inputs[1].shape) + size
            conv = kind == "conv_general_dilated"
            macs = size * math.prod(inputs[1].shape) // out.shape[-1]  # kernels end with the output's channels
            yield Layer("conv" if conv else "linear", out.shape, macs, moved, 3)
            if conv:
                convolved.add(equation.outvars[0])
        elif kind == "add" and not convolved.isdisjoint(_variables(equation.invars)):
            yield Layer("bias", out.shape, 0, size, BIAS_PASSES)
        elif kind == "reduce_window_max":
            yield Layer("max_pool", out.shape, 0, math.prod(inputs[0].shape), WINDOW_PASSES)
        elif name in ("batch_norm", "residual"):
            yield Layer(name, out.shape, 0, size, NORM_PASSES if name == "batch_norm" else SUM_PASSES)
        else:
            for value in equation.params.values():
                inner = getattr(value, "jaxpr", value)  # what a call holds is closed over its constants
                if hasattr(inner, "eqns"):
                    yield from _layers(inner)


def _variables(atoms: Any) -> list[Any]:
    return [atom for atom in atoms if not hasattr(atom, "val")]  # literals have a value, and no hash


def floor_seconds(
    model: "Model", method: str = "sgd", batch: int = 128, images: int = IMAGES, device: Device = H200
) -> float:
    """The least time of one epoch, in seconds.

    Args:
        model: The network.
        method: "sgd" or "sam".
        batch: Images in a step.
        images: In the epoch.
        device: Where.
    Raises:
        ValueError: Another method.
    """
    if method not in ("sgd", "sam"):
        raise ValueError(f"roofline: method = {method!r}; choose sgd or sam")
    gradient = sum(layer.seconds(device) for layer in layers_of(model, batch))
    weights = model.parameters / device.bandwidth
    step = gradient + UPDATE * weights if method == "sgd" else 2 * gradient + (UPDATE + PERTURBATION) * weights
    return step * images / batch

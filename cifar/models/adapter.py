"""Networks as pure functions of dictionaries of arrays; beside the definitions, the only file that knows Flax.

    params, stats = model.init(key)
    logits, stats = model.apply(params, stats, x, train=True, key=key, dtype=jnp.float32)

A network is split once into its form, its parameters and its BatchNorm statistics; every call merges copies, so that
`apply` may be compiled, differentiated and vmapped, and changes nothing that it was given. Parameters and statistics
are nested dictionaries with text keys and float32 leaves.

Notes:
    Copies: Flax refuses to update statistics inside `grad` that were made outside of it.
References:
    [1] Heek et al. Flax: a neural network library and ecosystem for JAX. https://github.com/google/flax.
"""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .resnet import resnet20
from .tiny_resnet import tiny_resnet
from .vgg import vgg16_bn
from .wide_resnet import wide_resnet

Tree = Any
"""Nested dictionaries of float32 arrays."""

MODELS: Mapping[str, Callable[..., nnx.Module]] = {
    "wrn-16-8": functools.partial(wide_resnet, depth=16, factor=8),
    "wrn-28-10": functools.partial(wide_resnet, depth=28, factor=10),
    "wrn-22-8": functools.partial(wide_resnet, depth=22, factor=8),
    "wrn-34-10": functools.partial(wide_resnet, depth=34, factor=10),
    "wrn-16-1": functools.partial(wide_resnet, depth=16, factor=1),
    "vgg16-bn": vgg16_bn,
    "resnet20": resnet20,
    "tiny-resnet": tiny_resnet,
}
"""``definition(channels, classes, rngs, dtype, **options) -> network``."""


@dataclass(frozen=True)
class Model:
    """A network without its numbers.

    Args:
        name: A key of `MODELS`.
        classes: Logits.
        input_shape: Of an image, (h, w, channels).
        options: Of the definition, as pairs.
    """

    name: str
    classes: int
    input_shape: tuple[int, int, int]
    options: tuple[tuple[str, Any], ...] = field(default=())

    def init(self, key: jax.Array) -> tuple[Tree, Tree]:
        """Parameters and BatchNorm statistics before the first step.

        Args:
            key: Decides the weights.
        """
        _, params, stats = nnx.split(_make(self, jnp.float32, nnx.Rngs(params=key)), nnx.Param, nnx.BatchStat)
        return nnx.to_pure_dict(params), nnx.to_pure_dict(stats)

    def apply(
        self, params: Tree, stats: Tree, x: jax.Array, *, train: bool, key: jax.Array | None = None,
        dtype: Any = jnp.float32,
    ) -> tuple[jax.Array, Tree]:  # fmt: skip
        """Logits, float32 (batch, classes), and the statistics after this pass.

        Args:
            params, stats: As from `init`.
            x: Images, (batch, h, w, channels), of a floating type.
            train: BatchNorm normalises by the batch and its running statistics follow; dropout is on, given a key.
            key: Of dropout; None: no dropout.
            dtype: What convolutions and products compute in.
        Raises:
            ValueError: Images of another shape, or not floating.
        """
        if x.ndim != 4 or x.shape[1:] != self.input_shape or not jnp.issubdtype(x.dtype, jnp.floating):
            raise ValueError(
                f"{self.name}: images are {x.dtype}{list(x.shape)}; "
                f"give floating numbers of shape (batch, {', '.join(map(str, self.input_shape))})"
            )
        network: Any = nnx.merge(_form(self, jnp.dtype(dtype)), params, stats, copy=True)
        logits = network(x.astype(dtype), train, key)
        return logits.astype(jnp.float32), nnx.to_pure_dict(nnx.state(network, nnx.BatchStat))

    @property
    def shapes(self) -> tuple[Tree, Tree]:
        """Parameters and statistics as shapes, without computing them."""
        return jax.eval_shape(self.init, jax.random.key(0))

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(math.prod(leaf.shape) for leaf in jax.tree.leaves(self.shapes[0]))

    def macs(self, input_shape: tuple[int, int, int] | None = None) -> int:
        """Multiplications with addition that one image costs forward, in convolutions and products; padding counts.

        Args:
            input_shape: (h, w, channels); None: the model's.
        """
        from ..roofline import layers_of

        model = self if input_shape is None else dataclasses.replace(self, input_shape=input_shape)
        return sum(layer.macs for layer in layers_of(model, batch=1))


def build(name: str, options: Mapping[str, Any] | None, classes: int, input_shape: tuple[int, ...]) -> Model:
    """The network of a name.

    Args:
        name: A key of `MODELS`.
        options: Of its definition: `bn_momentum`, and whatever else it takes.
        classes: Logits.
        input_shape: Of an image, (h, w, channels).
    Raises:
        ValueError: An unknown name, shape or option, or an option's value that the definition refuses.
    """
    if name not in MODELS:
        raise ValueError(f"model = {name!r}; choose from {', '.join(MODELS)}")
    if len(input_shape) != 3:
        raise ValueError(f"{name}: input_shape = {tuple(input_shape)}; give (h, w, channels)")
    model = Model(
        name, classes, (input_shape[0], input_shape[1], input_shape[2]), tuple(sorted((options or {}).items()))
    )
    try:
        _form(model, jnp.dtype(jnp.float32))
    except TypeError as error:
        raise ValueError(f"{name}: options {dict(options or {})}: {error}") from error
    return model


def _make(model: Model, dtype: Any, rngs: nnx.Rngs) -> nnx.Module:
    return MODELS[model.name](model.input_shape[2], model.classes, rngs, dtype, **dict(model.options))


@functools.lru_cache(maxsize=64)
def _form(model: Model, dtype: Any) -> Any:
    """The network without its numbers, in Flax's terms."""
    network = nnx.eval_shape(lambda: _make(model, dtype, nnx.Rngs(0)))
    return nnx.split(network, nnx.Param, nnx.BatchStat)[0]

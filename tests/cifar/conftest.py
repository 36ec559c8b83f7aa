"""A small network with BatchNorm in plain JAX, with the adapter's signature: the measurements need no more."""

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import samscape.landscapes  # noqa: F401 - float64 on, as everywhere in samscape

EPS, MOMENTUM = 1e-5, 0.9


def small_apply(params, stats, x, *, train, key=None, dtype=jnp.float32):
    """Two 3x3 convolutions with BatchNorm and ReLU, mean over pixels, one linear layer."""
    x, seen, wide_type = x.astype(dtype), {}, jnp.promote_types(dtype, jnp.float32)
    for name in ("one", "two"):
        kernel = params[name]["kernel"].astype(dtype)
        x = jax.lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        wide = x.astype(wide_type)
        if train:
            mean, var = wide.mean((0, 1, 2)), wide.var((0, 1, 2))
            old = stats[name]
            seen[name] = {
                "mean": MOMENTUM * old["mean"] + (1 - MOMENTUM) * mean,
                "var": MOMENTUM * old["var"] + (1 - MOMENTUM) * var,
            }
        else:
            mean, var, seen[name] = stats[name]["mean"], stats[name]["var"], stats[name]
        wide = (wide - mean) * jax.lax.rsqrt(var + EPS) * params[name]["scale"] + params[name]["bias"]
        x = jax.nn.relu(wide).astype(dtype)
    x = x.mean((1, 2))
    logits = x @ params["last"]["kernel"].astype(dtype) + params["last"]["bias"].astype(dtype)
    return logits.astype(wide_type), seen


@pytest.fixture(scope="session")
def small():
    """The network, its parameters and statistics, and 24 images of 4x4 with 3 classes in batches of 10, 10 and 4."""
    draw = np.random.default_rng(0).standard_normal
    f = np.float32

    def layer(inputs, outputs):
        kernel = draw((3, 3, inputs, outputs)) / np.sqrt(9 * inputs)
        return {
            "kernel": kernel.astype(f),
            "scale": (1 + 0.1 * draw(outputs)).astype(f),
            "bias": (0.1 * draw(outputs)).astype(f),
        }

    params = {
        "one": layer(2, 3),
        "two": layer(3, 4),
        "last": {"kernel": draw((4, 3)).astype(f), "bias": np.zeros(3, f)},
    }
    stats = {
        name: {"mean": (0.1 * draw(width)).astype(f), "var": (0.5 + draw(width) ** 2).astype(f)}
        for name, width in (("one", 3), ("two", 4))
    }
    images = draw((24, 4, 4, 2)).astype(f)
    labels = np.random.default_rng(1).integers(0, 3, 24).astype(np.int32)
    params, stats, images, labels = jax.tree.map(jnp.asarray, (params, stats, images, labels))
    batches = [(images[a:b], labels[a:b]) for a, b in ((0, 10), (10, 20), (20, 24))]
    return SimpleNamespace(apply=small_apply, params=params, stats=stats, images=images, labels=labels, batches=batches)


class Dense:
    """One hidden layer with BatchNorm: compiles fast. What `Trainer` needs of `models.adapter.Model`."""

    def __init__(self, inputs, classes, width=6):
        self.inputs, self.classes, self.width = inputs, classes, width

    def init(self, key):
        one, two = jax.random.split(key)
        params = {
            "first": jax.random.normal(one, (self.inputs, self.width), jnp.float32) / np.float32(np.sqrt(self.inputs)),
            "scale": jnp.ones(self.width, jnp.float32),
            "bias": jnp.zeros(self.width, jnp.float32),
            "last": jax.random.normal(two, (self.width, self.classes), jnp.float32) / np.float32(2),
        }
        return params, {"mean": jnp.zeros(self.width, jnp.float32), "var": jnp.ones(self.width, jnp.float32)}

    def apply(self, params, stats, x, *, train, key=None, dtype=jnp.float32):
        x = x.reshape(len(x), -1) @ params["first"]
        mean, var = (x.mean(0), x.var(0)) if train else (stats["mean"], stats["var"])
        after = stats
        if train:
            after = jax.tree.map(
                lambda a, b: np.float32(MOMENTUM) * a + np.float32(0.1) * b, stats, {"mean": mean, "var": var}
            )
        x = jax.nn.relu((x - mean) * jax.lax.rsqrt(var + np.float32(EPS)) * params["scale"] + params["bias"])
        return x @ params["last"], after


@pytest.fixture(scope="session")
def dense():
    """The class `Dense`: inputs, classes, width."""
    return Dense

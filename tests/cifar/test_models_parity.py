"""The networks against the same networks written in PyTorch: logits, BatchNorm's statistics, gradients, numbers."""

# pyright: reportMissingImports=false
# PyTorch is an extra of its own: gigabytes, for comparison alone

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.models.adapter import build

torch = pytest.importorskip("torch")
from torch.nn import functional as F  # noqa: E402 - after the skip

from samscape.cifar.torch_networks import torch_network  # noqa: E402

pytestmark = pytest.mark.parity

CASES = {  # name: (image, batch); small images where the network takes them
    "wrn-16-1": (16, 8),
    "wrn-22-8": (8, 6),
    "wrn-16-8": (8, 6),
    "resnet20": (16, 8),
    "vgg16-bn": (32, 6),
    "tiny-resnet": (8, 16),
}
# Float32 sums of some thousand terms in another order, amplified by about 20 layers that each normalise anew.
LOGITS = 3e-4
# Share of a gradient array's norm: the same, once more through all layers, with ReLUs that flip at round-off.
GRADIENTS = 3e-3


def randomised(network):
    """Random BatchNorm weights and statistics too, so that none of them can be forgotten."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, x in network.state_dict().items():
            if not x.is_floating_point():
                continue
            noise = torch.randn(x.shape, generator=generator)
            if name.endswith("running_var"):
                x.copy_(0.5 + noise**2)
            elif name.endswith(("running_mean", "bias")):
                x.copy_(0.1 * noise)
            elif x.ndim == 1:
                x.copy_(1 + 0.1 * noise)
            else:
                x.copy_(noise * (2 / x[0].numel()) ** 0.5)
    return network


NAMES = {"kernel": "weight", "scale": "weight", "bias": "bias", "mean": "running_mean", "var": "running_var"}


def as_ours(array):
    """PyTorch's (out, in, h, w) and (out, in) are our (h, w, in, out) and (in, out)."""
    array = array.detach().numpy()
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T


def matched(tree, of):
    """A tree like ours filled from PyTorch: `of(module path, name)` is the tensor."""

    def one(path, leaf):
        *module, name = (key.key for key in path)
        array = as_ours(of(".".join(module), NAMES[name]))
        assert array.shape == leaf.shape, path
        return jnp.asarray(array)

    return jax.tree_util.tree_map_with_path(one, tree)


@pytest.fixture(scope="module", params=CASES)
def pair(request):
    """Both networks with the same weights, images and labels."""
    name, (side, batch) = request.param, CASES[request.param]
    channels = 1 if name == "tiny-resnet" else 3
    ours = build(name, {"dropout": 0.0} if name == "vgg16-bn" else {}, 10, (side, side, channels))
    theirs = randomised(torch_network(name, channels, 10))
    if name == "vgg16-bn":
        theirs.dropout.p = 0.0
    random = np.random.default_rng(1)
    images = random.standard_normal((batch, side, side, channels)).astype(np.float32)
    labels = random.integers(0, 10, batch)
    return ours, theirs, images, labels


def tensors_of(network):
    return lambda module, name: network.state_dict()[f"{module}.{name}"].clone()


def as_torch(images):
    return torch.from_numpy(images.transpose(0, 3, 1, 2).copy())


def test_as_many_parameters(pair):
    ours, theirs, *_ = pair
    assert ours.parameters == sum(x.numel() for x in theirs.parameters())


def test_same_logits_by_running_statistics(pair):
    ours, theirs, images, _ = pair
    params, stats = (matched(tree, tensors_of(theirs)) for tree in ours.shapes)
    logits, after = jax.jit(lambda *a: ours.apply(*a, train=False))(params, stats, images)
    with torch.no_grad():
        expected = theirs.eval()(as_torch(images)).numpy()
    np.testing.assert_allclose(logits, expected, rtol=LOGITS, atol=LOGITS * np.abs(expected).max())
    jax.tree.map(np.testing.assert_array_equal, after, stats)


def test_same_logits_statistics_and_gradients_in_training(pair):
    ours, theirs, images, labels = pair
    params, stats = (matched(tree, tensors_of(theirs)) for tree in ours.shapes)

    def loss(params, stats, images):
        logits, after = ours.apply(params, stats, images, train=True)
        picked = jnp.take_along_axis(jax.nn.log_softmax(logits), jnp.asarray(labels)[:, None], 1)
        return -jnp.mean(picked), (logits, after)

    gradient, (logits, after) = jax.jit(jax.grad(loss, has_aux=True))(params, stats, images)
    before = {name: x.clone() for name, x in theirs.state_dict().items()}
    theirs.train().zero_grad()
    found = theirs(as_torch(images))
    F.cross_entropy(found, torch.from_numpy(labels)).backward()
    expected = found.detach().numpy()
    np.testing.assert_allclose(logits, expected, rtol=LOGITS, atol=LOGITS * np.abs(expected).max())

    def close(a, b, share):
        assert np.linalg.norm(a - b) <= share * np.linalg.norm(b) + 1e-7, np.linalg.norm(a - b) / np.linalg.norm(b)

    jax.tree.map(lambda a, b: close(a, b, LOGITS), after, matched(after, tensors_of(theirs)))
    parameters = dict(theirs.named_parameters())
    wanted = matched(gradient, lambda module, name: parameters[f"{module}.{name}"].grad)
    scale = np.sqrt(sum(float(jnp.sum(x * x)) for x in jax.tree.leaves(wanted)))
    # a bias before BatchNorm has gradient 0: round-off is measured against the whole gradient there
    jax.tree.map(lambda a, b: _near(a, b, scale), gradient, wanted)
    theirs.load_state_dict(before)


def _near(a, b, scale):
    assert np.linalg.norm(a - b) <= GRADIENTS * np.linalg.norm(b) + 1e-6 * scale

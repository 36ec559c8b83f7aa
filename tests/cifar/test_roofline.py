"""The floor's arithmetic: the specification's numbers, and layers counted by hand."""

import pytest

from samscape.cifar.models.adapter import build
from samscape.cifar.roofline import H200, Device, floor_seconds, layers_of

CIFAR = (32, 32, 3)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("wrn-16-8", 0.87), ("wrn-22-8", 1.34), ("wrn-28-10", 2.67), ("wrn-34-10", 3.37), ("vgg16-bn", 0.27),
        ("resnet20", 0.08),
    ],
)  # fmt: skip
def test_floor_is_what_was_counted_by_hand(name, seconds):
    # two decimals were given: half a unit of the last, and 1e-3 since the counts were made separately
    assert floor_seconds(build(name, {}, 10, CIFAR)) == pytest.approx(seconds, abs=0.005 + 1e-3)


def test_every_layer_of_the_tiny_network_is_found():
    layers = layers_of(build("tiny-resnet", {"width": 4}, 10, (8, 8, 1)), batch=2)
    assert [(layer.kind, layer.shape) for layer in layers[:6]] == [
        ("conv", (2, 8, 8, 4)), ("batch_norm", (2, 8, 8, 4)), ("conv", (2, 8, 8, 4)), ("batch_norm", (2, 8, 8, 4)),
        ("conv", (2, 8, 8, 4)), ("residual", (2, 8, 8, 4)),
    ]  # fmt: skip
    first = layers[0]
    assert first.macs == 2 * 64 * 4 * 9
    assert first.numbers == 2 * 64 + 9 * 4 + 2 * 64 * 4
    assert layers[-1].kind == "linear"
    assert layers[-1].macs == 2 * 16 * 10


def test_an_epoch_without_memory_traffic_is_six_flops_a_multiplication():
    model = build("resnet20", {}, 10, CIFAR)
    device = Device("no memory", 1e12, float("inf"))
    # sums of some 50 terms in float64
    assert floor_seconds(model, batch=100, device=device) == pytest.approx(6 * model.macs() * 50_000 / 1e12, rel=1e-12)


def test_sam_costs_two_gradients_and_one_perturbation():
    model = build("wrn-16-1", {}, 10, CIFAR)
    sgd, sam = (floor_seconds(model, method, images=128) for method in ("sgd", "sam"))
    # one update less than two steps, and one perturbation of the same size instead; float64 sums
    assert sam == pytest.approx(2 * sgd, rel=1e-12)
    update = 16 * model.parameters / H200.bandwidth
    assert sum(layer.seconds() for layer in layers_of(model, 128)) == pytest.approx(sgd - update, rel=1e-12)


def test_another_method_is_refused():
    with pytest.raises(ValueError, match="choose sgd or sam"):
        floor_seconds(build("tiny-resnet", {}, 10, (8, 8, 1)), "adam")

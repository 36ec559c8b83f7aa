"""The networks by name: class and what its name fixes."""

from collections.abc import Mapping
from typing import Any

from .tiny_resnet import TinyResNet

NETWORKS: Mapping[str, tuple[type, Mapping[str, Any]]] = {
    "tiny-resnet": (TinyResNet, {}),
}

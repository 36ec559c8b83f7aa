"""SGD and SAM steps in PyTorch, as fast as ordinary means make them; see `bench`."""

# pyright: reportMissingImports=false
# PyTorch is an extra of its own: gigabytes, for comparison alone

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn import functional as F

from .data import Data
from .torch_networks import torch_network

RHO, ETA, MOMENTUM, DECAY = 0.05, 0.01, 0.9, 5e-4


def torch_rounds(model: str, data: Data, method: str, batch: int, steps: int) -> Iterator[None]:
    """Every turn trains `steps` steps and waits for the device at the end.

    Args:
        model: A name of `models.adapter.MODELS`.
        data: The images.
        method: "sgd" or "sam".
        batch: Images in a step.
        steps: In a turn.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    on_gpu = device.type == "cuda"
    network: Any = torch_network(model, data.train_images.shape[-1], data.classes)
    network = network.to(device=device, memory_format=torch.channels_last).train()
    parameters = list(network.parameters())
    if on_gpu:
        network = torch.compile(network, mode="max-autotune")
    optimiser = torch.optim.SGD(parameters, ETA, MOMENTUM, weight_decay=DECAY, fused=on_gpu or None)
    images = torch.from_numpy(data.train_images.transpose(0, 3, 1, 2).copy()).to(device)
    labels = torch.from_numpy(data.train_labels).long().to(device)
    mean = torch.tensor(data.mean, device=device)[:, None, None] * 255
    scale = 1 / (torch.tensor(data.std, device=device)[:, None, None] * 255)

    def gradient(x: torch.Tensor, y: torch.Tensor) -> None:
        with torch.autocast(device.type, torch.bfloat16, enabled=on_gpu):
            loss = F.cross_entropy(network(x), y)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()

    def ascend() -> list[torch.Tensor]:
        """Move to w_adv; returns the way back."""
        with torch.no_grad():
            gradients = [p.grad for p in parameters if p.grad is not None]
            norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
            way = torch._foreach_mul(gradients, RHO / (norm + 1e-12))
            torch._foreach_add_(parameters, way)
        return list(way)

    while True:
        order = torch.randperm(len(labels), device=device)
        for k in range(steps):
            chosen = order[k * batch : (k + 1) * batch]
            x = ((images[chosen].float() - mean) * scale).contiguous(memory_format=torch.channels_last)
            y = labels[chosen]
            gradient(x, y)
            if method == "sam":
                way = ascend()
                gradient(x, y)
                with torch.no_grad():
                    torch._foreach_sub_(parameters, way)
            optimiser.step()
        if on_gpu:
            torch.cuda.synchronize()
        yield

"""The networks in PyTorch, as its users write them: what ours are compared with, in numbers and in speed.

Attributes bear the names of ours, so that weights can be carried over by path. Weights start as PyTorch's do.

References:
    [1] Zagoruyko, Komodakis (2016). Wide residual networks. BMVC.
    [2] He, Zhang, Ren, Sun (2016). Deep residual learning for image recognition. CVPR. Section 4.2, option A.
    [3] Simonyan, Zisserman (2015). Very deep convolutional networks for large-scale image recognition. ICLR.
"""

# pyright: reportMissingImports=false
# PyTorch is an extra of its own: gigabytes, for comparison alone

import torch
from torch import nn
from torch.nn import functional as F


def conv3(inputs: int, outputs: int, stride: int = 1, bias: bool = False) -> nn.Conv2d:
    """A 3x3 convolution with one pixel of padding."""
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=bias)


class TorchUnit(nn.Module):
    """A pre-activation residual unit."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), conv3(inputs, outputs, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), conv3(outputs, outputs)
        self.projects = stride != 1 or inputs != outputs
        if self.projects:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shortcut and two convolutions."""
        h = F.relu(self.bn1(x))
        y = self.conv2(F.relu(self.bn2(self.conv1(h))))
        return y + (self.shortcut(h) if self.projects else x)


class TorchWideResNet(nn.Module):
    """A wide residual network: `units` in each stage, `widths` of the stages."""

    def __init__(self, channels: int, classes: int, units: int, stem: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.stem = conv3(channels, stem)
        before = stem
        for stage, width in enumerate(widths, 1):
            for unit in range(1, units + 1):
                stride = 2 if stage > 1 and unit == 1 else 1
                self.add_module(f"stage{stage}_unit{unit}", TorchUnit(before, width, stride))
                before = width
        self.bn, self.linear = nn.BatchNorm2d(before), nn.Linear(before, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits of images (n, c, h, w)."""
        x = self.stem(x)
        for name, unit in self.named_children():
            if name.startswith("stage"):
                x = unit(x)
        return self.linear(F.adaptive_avg_pool2d(F.relu(self.bn(x)), 1).flatten(1))


class TorchBlock(nn.Module):
    """A post-activation block with a shortcut without parameters."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = conv3(inputs, outputs, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv3(outputs, outputs), nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, (outputs - inputs) // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shortcut and two convolutions."""
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        around = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.pad, self.pad)) if self.stride == 2 else x
        return F.relu(y + around)


class TorchResNet20(nn.Module):
    """ResNet-20 for CIFAR."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.stem, self.bn = conv3(channels, 16), nn.BatchNorm2d(16)
        before = 16
        for stage, width in enumerate((16, 32, 64), 1):
            for block in (1, 2, 3):
                stride = 2 if stage > 1 and block == 1 else 1
                self.add_module(f"stage{stage}_block{block}", TorchBlock(before, width, stride))
                before = width
        self.linear = nn.Linear(64, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits of images (n, c, h, w)."""
        x = F.relu(self.bn(self.stem(x)))
        for name, block in self.named_children():
            if name.startswith("stage"):
                x = block(x)
        return self.linear(x.mean((2, 3)))


class TorchVgg(nn.Module):
    """VGG-16 with BatchNorm."""

    GROUPS = ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3)

    def __init__(self, channels: int, classes: int, dropout: float = 0.5) -> None:
        super().__init__()
        before = channels
        for group, widths in enumerate(self.GROUPS, 1):
            for k, width in enumerate(widths, 1):
                self.add_module(f"conv{group}_{k}", conv3(before, width, bias=True))
                self.add_module(f"bn{group}_{k}", nn.BatchNorm2d(width))
                before = width
        self.linear1, self.linear2, self.linear3 = nn.Linear(512, 4096), nn.Linear(4096, 4096), nn.Linear(4096, classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits of images (n, c, 32, 32)."""
        for group, widths in enumerate(self.GROUPS, 1):
            for k in range(1, len(widths) + 1):
                x = F.relu(self.get_submodule(f"bn{group}_{k}")(self.get_submodule(f"conv{group}_{k}")(x)))
            x = F.max_pool2d(x, 2)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        x = self.dropout(F.relu(self.linear1(x)))
        return self.linear3(self.dropout(F.relu(self.linear2(x))))


def torch_network(name: str, channels: int, classes: int) -> nn.Module:
    """The network that `models.adapter.build` makes under this name.

    Raises:
        ValueError: There is none.
    """
    if name == "resnet20":
        return TorchResNet20(channels, classes)
    if name == "vgg16-bn":
        return TorchVgg(channels, classes)
    if name == "tiny-resnet":
        return TorchWideResNet(channels, classes, 1, 4, (4, 8, 16))
    if not name.startswith("wrn-"):
        raise ValueError(f"no PyTorch network {name!r}; choose wrn-<depth>-<factor>, resnet20, vgg16-bn, tiny-resnet")
    depth, factor = (int(x) for x in name.split("-")[1:])
    return TorchWideResNet(channels, classes, (depth - 4) // 6, 16, (16 * factor, 32 * factor, 64 * factor))

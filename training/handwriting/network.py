"""The network: a strip becomes, for every two pixels of its width, the chances of each sign or of none (CTC)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

ALPHABET = "0123456789abc/"  # class 0 is "none"


class _Along(nn.Module):
    """Looks to both sides along the strip; what it learns is added to what was known."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(channels, channels, 5, padding=2 * reach, dilation=reach),
            nn.BatchNorm1d(channels), nn.ReLU(inplace=True), nn.Conv1d(channels, channels, 1),
        )  # fmt: skip

    def forward(self, signal: Tensor) -> Tensor:
        return torch.relu(signal + self.layers(signal))


def _block(inputs: int, outputs: int, pool: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
        nn.MaxPool2d(pool),
    )  # fmt: skip


class Network(nn.Module):
    """Strips (batch × 1 × 48 × width, 1 = ink) to log chances (batch × width/2 × classes)."""

    def __init__(self) -> None:
        super().__init__()
        self.see = nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
            _block(16, 32, (2, 1)), _block(32, 48, (2, 1)), _block(48, 64, (2, 1)),
            nn.Conv2d(64, 96, 3, padding=(0, 1), bias=False), nn.BatchNorm2d(96), nn.ReLU(inplace=True),
            nn.Dropout(0.1),
        )  # fmt: skip
        self.along = nn.Sequential(*(_Along(96, reach) for reach in (1, 2, 4, 1)))
        self.name = nn.Conv1d(96, len(ALPHABET) + 1, 1)

    def forward(self, strips: Tensor) -> Tensor:
        seen = self.see(strips).squeeze(2)
        return torch.log_softmax(self.name(self.along(seen)).float(), dim=1).transpose(1, 2)

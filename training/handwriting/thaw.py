"""A written network becomes one that can learn on.

Writing ONNX merges each normalisation into the convolution before it. Here they are parted again: what the convolution
gives on a sample of strips is taken as what it always gives, and the normalisation is set so that nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from training.handwriting.network import Network

_MERGED = re.compile(r"onnx::Conv_(\d+)")


def thawed(path: Path, sample: Iterable[Tensor]) -> Network:
    """The network of an ONNX file that `train` wrote; it says the same as before."""
    held = {one.name: torch.tensor(onnx.numpy_helper.to_array(one)) for one in onnx.load(path).graph.initializer}
    merged = [held[name] for name in sorted((n for n in held if _MERGED.match(n)), key=lambda n: int(n[12:]))]
    network = Network()
    network.load_state_dict({name: value for name, value in held.items() if not _MERGED.match(name)}, strict=False)
    pairs = list(_normalised(network))
    for (layer, norm), weight, bias in zip(pairs, merged[::2], merged[1::2], strict=True):
        layer.weight.data.copy_(weight)
        if layer.bias is not None:
            layer.bias.data.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.bias.data.copy_(bias)
    _spread(network.eval(), pairs, sample)
    return network


def _normalised(network: Network) -> Iterator[tuple[nn.Conv1d | nn.Conv2d, nn.BatchNorm1d | nn.BatchNorm2d]]:
    """Convolutions that a normalisation follows, in the order in which they work."""
    kinds = nn.Conv1d | nn.Conv2d | nn.BatchNorm1d | nn.BatchNorm2d
    layers = [layer for layer in network.modules() if isinstance(layer, kinds)]
    for layer, norm in pairwise(layers):
        if isinstance(layer, nn.Conv1d | nn.Conv2d) and isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
            yield layer, norm


def _spread(
    network: Network,
    pairs: Sequence[tuple[nn.Conv1d | nn.Conv2d, nn.BatchNorm1d | nn.BatchNorm2d]],
    sample: Iterable[Tensor],
) -> None:
    """Give every normalisation the mean and variance of what it gets."""
    sums = [torch.zeros(3, norm.num_features, dtype=torch.float64) for _, norm in pairs]
    hooks = [layer.register_forward_hook(_adder(sum_)) for (layer, _), sum_ in zip(pairs, sums, strict=True)]
    with torch.no_grad():
        for strips in sample:
            network(strips)
    for hook in hooks:
        hook.remove()
    for (_, norm), (amount, total, squares) in zip(pairs, sums, strict=True):
        mean = total / amount
        variance = squares / amount - mean**2
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_((variance + norm.eps).sqrt())
        norm.bias.data += mean


def _adder(sums: Tensor) -> Callable[[nn.Module, object, Tensor], None]:
    """Adds for each channel of what a layer gives the amount of values, the values and their squares."""

    def add(_: nn.Module, __: object, out: Tensor) -> None:
        values = out.detach().transpose(0, 1).flatten(1).double()
        sums.add_(torch.stack([torch.full((len(values),), values.shape[1]), values.sum(1), values.square().sum(1)]))

    return add

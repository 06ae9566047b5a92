"""Train the network on drawn strips and write it as ONNX.

usage: python -m training.handwriting.train FOLDER MODEL.onnx [--epochs 4] [--start STATE.pt|MODEL.onnx]

FOLDER holds `train.npz` and `test.npz` (training.handwriting.make). Prints the share of test strips read right after
each epoch. On one machine the same seed gives the same model.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.handwriting.network import ALPHABET, Network
from training.handwriting.thaw import thawed

SEED = 30_2020
BATCH = 32
LEARNING_RATE = 2e-3
OPSET = 17
_SAMPLE = 60  # batches that a written network is shown before it learns on
INDEX = {sign: number for number, sign in enumerate(ALPHABET, 1)}


@dataclass(frozen=True)
class Strips:
    """Drawn strips as `make` wrote them."""

    pixels: NDArray[np.uint8]
    widths: NDArray[np.int64]
    labels: list[str]
    kinds: NDArray[np.str_]
    handwritten: NDArray[np.bool_]

    @classmethod
    def load(cls, path: Path) -> Strips:
        held: Any = np.load(path)
        labels = [str(label) for label in held["labels"]]
        return cls(held["pixels"], held["widths"], labels, held["kinds"], held["handwritten"])


def batches(strips: Strips, rng: np.random.Generator | None) -> Iterator[tuple[Tensor, NDArray[np.int64]]]:
    """Strips of like width together, padded with paper; in random order and slightly changed when training."""
    order = np.argsort(
        strips.widths + (rng.integers(0, 8, len(strips.widths)) if rng is not None else 0), kind="stable"
    )
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if rng is not None:
        rng.shuffle(groups)  # type: ignore[arg-type]
    for group in groups:
        width = -(-int(strips.widths[group].max()) // 8) * 8
        pixels = 1 - strips.pixels[group][:, None, :, :width].astype(np.float32) / 255
        if rng is not None:
            pixels = np.roll(pixels, int(rng.integers(-3, 4)), axis=2)
            pixels *= rng.uniform(0.6, 1.0, (len(group), 1, 1, 1)).astype(np.float32)
            if rng.random() < 0.3:
                pixels = pixels + rng.normal(0, 0.05, pixels.shape).astype(np.float32)
        yield torch.from_numpy(pixels.astype(np.float32)), group


def targets(labels: list[str]) -> tuple[Tensor, Tensor]:
    signs = [INDEX[sign] for label in labels for sign in label]
    return torch.tensor(signs, dtype=torch.long), torch.tensor([len(label) for label in labels], dtype=torch.long)


def greedy(log_chances: Tensor) -> list[str]:
    """The likeliest sign of each place, repetitions and "none" left out."""
    found = []
    for row in log_chances.argmax(dim=2).tolist():
        signs = [sign for before, sign in zip([0, *row], row, strict=False) if sign and sign != before]
        found.append("".join(ALPHABET[sign - 1] for sign in signs))
    return found


def share_right(network: Network, strips: Strips) -> dict[str, float]:
    network.eval()
    right: dict[str, list[bool]] = {}
    with torch.no_grad():
        for pixels, group in batches(strips, None):
            for index, text in zip(group, greedy(network(pixels)), strict=True):
                pen = "hand" if strips.handwritten[index] else "print"
                right.setdefault(f"{strips.kinds[index]} {pen}", []).append(text == strips.labels[index])
    return {kind: sum(found) / len(found) for kind, found in sorted(right.items())}


def train(
    network: Network, strips: Strips, tested: Strips, epochs: int, rate: float, state: Path, *, halved: bool
) -> None:
    """One-cycle AdamW up to a learning rate; the state is kept after each epoch."""
    rng = np.random.default_rng(SEED)
    steps = epochs * -(-len(strips.labels) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.15)
    loss_of = nn.CTCLoss(zero_infinity=True)
    began = time.monotonic()
    for epoch in range(epochs):
        network.train().to(memory_format=torch.channels_last)
        total = 0.0
        for count, (pixels, group) in enumerate(batches(strips, rng), 1):
            with torch.autocast("cpu", torch.bfloat16, enabled=halved):
                log_chances = network(pixels.to(memory_format=torch.channels_last)).transpose(0, 1)
            wanted, lengths = targets([strips.labels[index] for index in group])
            places = torch.full((len(group),), log_chances.shape[0], dtype=torch.long)
            loss = loss_of(log_chances, wanted, places, lengths)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            if count % 500 == 0:
                print(f"  {count} {total / count:.4f} {time.monotonic() - began:.0f} s", flush=True)
        torch.save(network.state_dict(), state)
        report = " ".join(f"{kind} {share:.3f}" for kind, share in share_right(network, tested).items())
        print(f"epoch {epoch + 1} loss {total / count:.4f} {report} {time.monotonic() - began:.0f} s", flush=True)


def export(network: Network, path: Path) -> None:
    """Write the network with free batch and width: `strips` (n × 1 × 48 × width) → `log_chances`."""
    network.eval()
    torch.onnx.export(
        network, (torch.zeros(1, 1, 48, 96),), str(path), input_names=["strips"], output_names=["log_chances"],
        dynamic_axes={"strips": {0: "n", 3: "width"}, "log_chances": {0: "n", 1: "places"}}, opset_version=OPSET,
        dynamo=False,
    )  # fmt: skip


def _begun(start: Path | None, strips: Strips) -> Network:
    """A new network, or the one that a state or a model holds."""
    if start is None:
        return Network()
    if start.suffix == ".onnx":
        sample = batches(strips, np.random.default_rng(SEED))
        return thawed(start, (pixels for pixels, _ in islice(sample, _SAMPLE)))
    network = Network()
    network.load_state_dict(torch.load(start))
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="half the time on some processors, ten times on others")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="the highest learning rate")
    parser.add_argument("--start", type=Path, help="a state or a model to go on from")
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    strips, tested = Strips.load(args.folder / "train.npz"), Strips.load(args.folder / "test.npz")
    network = _begun(args.start, strips)
    train(network, strips, tested, args.epochs, args.rate, args.folder / "state.pt", halved=args.bfloat16)
    export(network, args.model)


if __name__ == "__main__":
    main()

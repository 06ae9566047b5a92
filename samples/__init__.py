"""Sample documents in the Decree's layout, made by a program of ours, each with its expected metadata."""

from samples.generator import EXPECTED, SEED, Sample, make

__all__ = ["EXPECTED", "SEED", "Sample", "make"]

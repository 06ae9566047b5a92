"""Vanthu: the records office's pipeline, from a dropped file to a signed, searchable, lawful archive."""

__version__ = "0.1.0"

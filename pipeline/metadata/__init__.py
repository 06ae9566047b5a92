"""Words on pages become the fields of Decree 30/2020/NĐ-CP, each with its place, its rule and how sure it is."""

from pipeline.metadata.extraction import extract

__all__ = ["extract"]

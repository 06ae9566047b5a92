"""Words on pages become the fields of Decree 30/2020/NĐ-CP, each with its place, its rule and how sure it is."""

from pipeline.metadata.extraction import extract
from pipeline.metadata.zones import doubtful_zones

__all__ = ["doubtful_zones", "extract"]

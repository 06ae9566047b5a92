"""Words on pages become the fields of Decree 30/2020/NĐ-CP, each with its place, its rule and how sure it is."""

from pipeline.metadata.batches import Start, find_starts
from pipeline.metadata.extraction import extract
from pipeline.metadata.legibility import judge_legibility
from pipeline.metadata.pagination import margins_to_read, mend_order, with_numbers
from pipeline.metadata.places import where
from pipeline.metadata.review import EXPECTED
from pipeline.metadata.zones import doubtful_zones

__all__ = [
    "EXPECTED",
    "Start",
    "doubtful_zones",
    "extract",
    "find_starts",
    "judge_legibility",
    "margins_to_read",
    "mend_order",
    "where",
    "with_numbers",
]

"""Scheme and libraries; cycles, forms and items; what is written on them."""

from appraisals.models.entries import Adjustment, Evidence, Figure, Score, UpwardScore, UpwardTurn
from appraisals.models.forms import Cycle, Form, Item, Remark, TargetRevision
from appraisals.models.schemes import LibraryItem, Scheme, SchemeStep

__all__ = [
    "Adjustment",
    "Cycle",
    "Evidence",
    "Figure",
    "Form",
    "Item",
    "LibraryItem",
    "Remark",
    "Scheme",
    "SchemeStep",
    "Score",
    "TargetRevision",
    "UpwardScore",
    "UpwardTurn",
]

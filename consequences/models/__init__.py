"""Decisions on proposals, and the checklist of the grave ones."""

from consequences.models.decisions import CareerReport, CheckFile, CheckItem, Decision

__all__ = ["CareerReport", "CheckFile", "CheckItem", "Decision"]

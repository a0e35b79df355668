"""Decisions on proposals, and the checklist of the grave ones."""

from consequences.models.decisions import CheckFile, CheckItem, Decision

__all__ = ["CheckFile", "CheckItem", "Decision"]

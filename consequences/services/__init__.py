"""Decisions on proposals: made, prepared, approved, taken back."""

"""Reads of rubrics, calls, assessments and what they add up to."""

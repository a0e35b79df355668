"""Reads of the appraisals room: terms, schemes, cycles, targets, teams."""

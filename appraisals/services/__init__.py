"""Writes of the appraisals room: one verb per function, one transaction per verb."""

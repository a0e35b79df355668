"""Reads of the scoring room: results, the month's and the year's rows, jobs."""

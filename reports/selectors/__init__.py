"""Reads of the reports room: what its pages and sheets sum up from the rows of the rooms below."""

"""Reads of incidents, bonuses and their standards."""

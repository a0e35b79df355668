"""Frozen values of the scoring room: result snapshots, and what forms wait for."""

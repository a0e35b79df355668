"""Frozen values of call monitoring, and what is said of them."""

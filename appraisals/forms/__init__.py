"""Shapes of what is typed about cycles, targets, libraries and the scheme; the rules are in the services."""

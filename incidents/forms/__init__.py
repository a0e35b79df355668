"""Shapes of what is typed about incidents, bonuses and their standards; the rules are in the services."""

"""Shapes of what is typed about rubrics, calls and scores; the rules are in the services."""

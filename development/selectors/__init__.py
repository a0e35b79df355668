"""Interviews, plans and training requests as their pages read them."""

"""Template tags of call monitoring."""

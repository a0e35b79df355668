"""Pages of call monitoring."""

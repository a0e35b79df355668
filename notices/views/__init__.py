"""Pages of messages and their rules."""

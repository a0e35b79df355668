"""What the board of a year shows."""

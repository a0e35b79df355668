"""What changes on the board of a year."""

"""What may be done with appeals."""

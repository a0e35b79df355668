"""What the desk and a proposal's page read."""

"""What may be done with incidents, bonuses and their standards."""

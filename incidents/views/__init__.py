"""Pages of incidents, bonuses and their standards."""

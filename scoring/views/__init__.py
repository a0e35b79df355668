"""The pages of the scoring room, a module per area."""

"""The pages of the reports room, a module per area."""

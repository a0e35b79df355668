"""Pages of interviews, improvement plans and training requests."""

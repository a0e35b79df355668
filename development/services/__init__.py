"""Acts on interviews, improvement plans and training requests."""

"""A workbook as facts: typed rows, every fault with its cell, and what it would change."""

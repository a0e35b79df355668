"""Programs for people at a terminal: run, test, bench and what they need."""

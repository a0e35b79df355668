"""Writes of the scoring room: consolidation, publication, signatures, filing, jobs, the year."""

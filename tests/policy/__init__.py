"""The policy core, proved without a database."""

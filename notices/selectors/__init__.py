"""Reads of messages and of the outbox."""

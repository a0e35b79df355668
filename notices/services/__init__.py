"""What may be done with messages, robots and the outbox."""

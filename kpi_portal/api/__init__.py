"""The REST API of version 1: read-only, by session, over the same rules of who may see what as the pages."""

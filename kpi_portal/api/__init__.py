"""The REST API of version 1, by session: the services and the rules of the pages in another dress (docs/api.md)."""

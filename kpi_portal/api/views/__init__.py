"""The addresses of the API: the same services and the same rules of who may see what as the pages."""

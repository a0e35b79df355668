"""What the API says of each thing, and the shapes in which it is told something."""

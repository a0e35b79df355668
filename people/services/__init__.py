"""Changes to people: employment facts, lines, roles, rota, accounts."""

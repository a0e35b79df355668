"""The pages of the appraisals room, a module per area."""

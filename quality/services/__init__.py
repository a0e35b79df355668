"""What may be done with rubrics, calls and assessments."""

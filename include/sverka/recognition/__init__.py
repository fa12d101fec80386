"""Recognition: which courier schema fits the raw tables."""

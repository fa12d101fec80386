"""How many spoiled versions of our own code the tests notice: `make mutants`."""

"""Demo: a deterministic shop and courier reports in the documented layouts."""

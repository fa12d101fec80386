"""The mutation fuzzer: every sample, spoiled in every way, is read the same, asked about or refused."""

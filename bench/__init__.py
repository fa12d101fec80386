"""Measured figures beside a peer in the same run, printed as ratios; asserts nothing about time."""

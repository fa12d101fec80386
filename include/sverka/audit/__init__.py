"""Audit: the hash-chained journal of every change of state, its proof, and the way of a document."""

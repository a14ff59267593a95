"""Overlap: cover, pairs, clusters and the cheapest cover."""

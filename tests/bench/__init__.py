"""Benchmarks: `make bench` measures each against baselines by name in the same run and prints the ratios."""

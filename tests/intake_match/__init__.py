"""Tests of reading and matching supplier names."""

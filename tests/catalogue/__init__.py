"""Tests of the taxonomy and the catalogue."""

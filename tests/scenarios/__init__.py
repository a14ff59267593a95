"""Tests of scenarios and the lowest-cost stack."""

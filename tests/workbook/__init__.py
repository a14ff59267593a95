"""Tests of the workbooks we write."""

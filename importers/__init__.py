"""Bytes into typed rows and problems: no database, no web (see ``importers.reader``)."""

"""Upkeep while serving: kept backups and what is known of them, bringing one back, and what the data takes on disk."""

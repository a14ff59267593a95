"""Tools, vendors and contracts: commands that change them and queries that list them."""

"""The stack map: tools, categories, types, units."""

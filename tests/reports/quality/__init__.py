"""Quality: gaps of tools and of money."""

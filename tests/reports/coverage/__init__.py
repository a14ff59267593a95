"""Coverage: what is served, how often, by what."""

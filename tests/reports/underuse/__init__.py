"""Under-use: seats as a sum, what idles, what comes back."""

"""What is known before the first upload: the taxonomy, the known marketing tools and their vendors, as data files."""

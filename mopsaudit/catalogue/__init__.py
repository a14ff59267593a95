"""What is known before the first upload: the taxonomy and the catalogue of marketing tools and vendors, as data files."""

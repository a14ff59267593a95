"""What-ifs: the lowest-cost stack and saved scenarios (PRODUCT.md §4.2, §4.7)."""

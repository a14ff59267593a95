"""What a test run brings to the machine, and that it works."""

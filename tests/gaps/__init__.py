"""What is paid, used and listed beside each other."""

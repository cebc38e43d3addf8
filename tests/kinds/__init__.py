"""What is particular about each kind."""

"""What an implementation is given, and what it returns."""

"""Questions about implementations, and about a user's own data."""

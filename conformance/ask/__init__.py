"""Questions about implementations and about a user's own data, answered without importing a framework."""

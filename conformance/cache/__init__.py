"""What earlier runs computed, on disk: outcomes of calls, and what follows from them."""

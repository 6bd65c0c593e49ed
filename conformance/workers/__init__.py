"""Worker processes: every call of a framework happens in one, so that a crash or a hang costs one cell."""

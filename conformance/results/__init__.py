"""The results document: build, read, write."""

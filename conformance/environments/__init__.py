"""Other releases of a framework, and other interpreters, in one run: named, installed into a cache, listed, removed."""

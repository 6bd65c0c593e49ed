"""Adapters: which implementations a framework has, and how each is called."""

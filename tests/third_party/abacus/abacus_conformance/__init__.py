"""What metric-conformance needs to know about abacus: how it is called, and what it claims."""

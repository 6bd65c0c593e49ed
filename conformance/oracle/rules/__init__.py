"""The rules, one module per axis; what a rule is called says what it does, not who follows it."""

"""One package per framework: adapter, definitions, departures, errors."""

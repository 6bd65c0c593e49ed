from collections.abc import Iterator
from conformance.definitions.model import Definition
def definitions() -> Iterator[Definition]:
    yield from ()

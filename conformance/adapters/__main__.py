"""`python -m conformance.adapters` prints the page that documents the admission table."""

from __future__ import annotations

from conformance.adapters.admission import markdown, table
from conformance.adapters.registry import adapters

_PAGE = """\
# Which implementation is asked about which case

<!-- Printed by `python -m conformance.adapters`; a test compares it. -->

Decided by the task, the parameters a case names, its updates, and the ranks of `y_true` and `y_pred` - never by values
or dtypes: scores fed to a label metric are admitted, and its refusal is an outcome. `num_classes`, `num_labels`,
`labels` and `validate_args` are ignored where an implementation has no such parameter. `implementations` in a case goes
outside tasks and ranks.

{table}
"""

if __name__ == "__main__":
    entries = (entry for adapter in adapters() for entry in adapter.implementations)
    print(_PAGE.format(table=markdown(table(entries))), end="")

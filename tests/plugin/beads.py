"""What tests of the package abacus share: where it is, and two cases for it, which go into one file."""

from __future__ import annotations

from pathlib import Path

ABACUS = Path(__file__).parents[1] / "third_party" / "abacus"

HEAD = """\
format: 1
theme: Beads
cases:
"""

#: Followed by `implementations`.
JUST_ABOVE_ONE_HALF = """\
  - id: just-above-one-half
    title: A score that rounds to one half
    task: binary
    y_true: [1, 0]
    y_pred: [0.503, 0.25]
"""

#: Followed by what else the case needs.
NO_SAMPLES = """\
  - id: no-samples
    title: No samples
    task: binary
    y_true: []
    y_pred: []
    implementations: [abacus.share_of_hits]
"""

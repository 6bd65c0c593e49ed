"""What a page has to show as it is: hostile, long and ordinary sentences."""

from __future__ import annotations

HEBREW = "\u05e9\u05dc\u05d5\u05dd"
HOSTILE = f"<script>alert(1)</script> \"quoted\" 'single' & ]]> {{{{ 7*7 }}}} \u202egnp.exe\u202c {HEBREW}"
LONG = "a message without end " * 450  # 10 kB
UNBROKEN = "x" * 400


DECIDES = "A score above the threshold is a positive."
EQUALS = "y_true and y_pred are compared for equality, as they are."
ARGMAX = "The first largest score is the predicted class."
NEVER = "Nothing raises."
LABELS = "Targets other than 0 and 1 raise."
SCORES = "Continuous scores raise where labels are meant."

from __future__ import annotations

import pytest

from conformance.workers.messages import LENGTH, clean

GRAPH_ERROR = """Graph execution error:

Detected at node loss/Softmax defined at (most recent call last):
  File "/home/me/x.py", line 11, in <module>

  File "/usr/lib/python3/site-packages/keras/src/trainer.py", line 510, in evaluate

Received a label value of 7.
\t [[{{node loss/Softmax}}]] [Op:__inference_multi_step_on_iterator_303]"""

CASES = [
    ("cannot open /usr/lib/python3.11/x.py: denied", "cannot open x.py: denied"),
    ("cannot open '/home/me/data.csv'", "cannot open 'data.csv'"),
    (r"cannot open C:\Users\me\x.py", "cannot open x.py"),
    ("<object at 0x7f3b2c00aa10>", "<object at 0x...>"),
    ("node loss/sparse/Softmax has 1/2 or n/a", "node loss/sparse/Softmax has 1/2 or n/a"),
    (
        "see https://scikit-learn.org/stable/modules/x.html",
        "see https://scikit-learn.org/stable/modules/x.html",
    ),
    ("{{function_node __wrapped__Equal_device_/job:x/task:0}} Incompatible shapes", "Incompatible shapes"),
    ("passed to MapDataset:3699 transformation", "passed to MapDataset transformation"),
    ("\x1b[1mbold\x1b[0m  \n\n next", "bold\n next"),
    (
        "-- Process 1 terminated with the following error:\nTraceback:\n  y\nValueError: x\nz: (2,)",
        "A process terminated with ValueError",
    ),
    (
        GRAPH_ERROR,
        "Graph execution error:\nDetected at node loss/Softmax\nReceived a label value of 7.\n"
        "\t [Op:__inference_multi_step_on_iterator]",
    ),
]


@pytest.mark.parametrize(("text", "cleaned"), CASES)
def test_what_differs_from_run_to_run_is_taken_out_and_the_rest_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_long_message_is_cut_visibly() -> None:
    assert len(clean("x" * 2000)) == LENGTH
    assert clean("x" * 2000).endswith("…")
    assert clean("x" * LENGTH) == "x" * LENGTH


@pytest.mark.parametrize("text", ["[[{{", "{{", "\n", "/", 'File "', "-- Process 1 terminated with "])
def test_a_message_that_repeats_what_is_removed_is_cleaned_as_any_other(text: str) -> None:
    assert len(clean(text * 300_000)) <= LENGTH

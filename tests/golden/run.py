#!/usr/bin/env python3
"""The generated text itself, for review: a change of a template shows as a
diff of these files. `make golden` accepts it; whether the numbers are right is
for the other suites to say."""

import difflib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import ROOT, finish, report, rnnc, workspace

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = [
    ("notebook", "examples/notebook/model.json", []),
    ("notebook_double_loops", "examples/notebook/model.json",
     ["--type=double", "--unroll=none"]),
    ("lstm", "tests/layers/LSTM/lstm_one_unit.json", ["--name=lstm"]),
    ("lstm_loops", "tests/layers/LSTM/lstm_initial_state.json",
     ["--name=lstm", "--unroll=none"]),
    ("lstm_int8", "tests/layers/LSTM/lstm_initial_state.json",
     ["--name=lstm", "--weights=int8"]),
    ("gru_any", "tests/layers/GRU/gru_any_timesteps.json", ["--name=gru"]),
    ("conv1d_stack", "tests/layers/Conv1D/conv1d_stack.json",
     ["--name=conv", "--unroll=none"]),
    ("bidirectional",
     "tests/layers/Bidirectional/bidirectional_gru_concat_sequences.json",
     ["--name=bi", "--unroll=none"]),
]


def main():
    with workspace() as folder:
        for name, model, options in CASES:
            golden = os.path.join(HERE, name + ".c")
            output = os.path.join(folder, name + ".c")
            status, _, err = rnnc(os.path.join(ROOT, model), *options, "-o",
                                  output)
            text = ""
            if status == 0:
                with open(output) as f:
                    text = f.read()
            if os.environ.get("UPDATE") and text:
                with open(golden, "w") as f:
                    f.write(text)
            old = ""
            if os.path.exists(golden):
                with open(golden) as f:
                    old = f.read()
            report(text != "" and text == old, name, err + "\n".join(
                difflib.unified_diff(old.splitlines(), text.splitlines(),
                                     "accepted", "now", lineterm="", n=1)))
    finish()


main()

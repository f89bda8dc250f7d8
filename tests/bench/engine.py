"""A network opened in somebody else's library."""

import time

import numpy as np


class Engine:
    """For one kind of call: inputs and outputs are arrays that stay where
    they are, values {name: array}; run() computes."""

    group = "rival"

    def __init__(self, label, shapes):
        self.label, self.text, self.rodata = label, 0, 0
        self.values = {k: np.zeros(s, "f4") for k, s in shapes.items()}

    def feed(self, x):
        self.values["x"].reshape(-1)[:] = x.reshape(-1)

    def output(self, x):
        self.feed(x)
        self.run()
        return self.values["y"].reshape(-1).copy()

    def steps(self, x):
        """All outputs of a stream: states go back in."""
        outputs = []
        for name in self.values:
            if name.endswith("_in"):
                self.values[name][:] = 0
        for row in x:
            outputs.append(self.output(row))
            for name in self.values:
                if name.endswith("_out"):
                    self.values[name[:-4] + "_in"][:] = self.values[name]
        return np.stack(outputs)

    def time(self, calls):
        """ns per call, of this thread and those it started."""
        run, start = self.run, time.process_time_ns()
        for _ in range(calls):
            run()
        return (time.process_time_ns() - start) / calls

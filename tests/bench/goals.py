"""What the design page demands, by workload: ns on the machine it was written
on, and the ratio to naive loops with gcc -O3 -ffast-math -march=native in the
same run, which is what holds on any machine."""

NS = {"W1": 140, "W2": 80, "W3": 215, "W4": 70e3, "W5": 225e3, "W6": 650e3,
      "W7": 11.8e3, "W8": 170, "W9": 1.15e6}
RATIO = {"W1": 2.57, "W2": 2.5, "W3": 2.1, "W4": 1.47, "W5": 1.28, "W6": 1.40,
         "W7": 2.9, "W8": 1.7, "W9": 1.23}
ERROR = 5e-7
# With 75 % of the blocks zero, how many times as fast as with none.
PRUNED = 2.5
# Without vectors, how many times as fast as naive loops without them.
SCALAR = 2
# predict_batch, at the best of these sizes: how many times as fast as
# onnxruntime at its own best n.
BATCH = {"W1": 20, "W2": 4, "W3": 1.65, "W4": 1.23, "W6": 1.03, "W8": 1.2}
BATCH_SIZES = (16, 64, 1024)

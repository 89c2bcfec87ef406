"""Tests compute on one thread each: they share the machine with each other and with the processes that they start."""

import os

# Before anything imports numpy, whose linear algebra reads this once, or torch. Two threads that wait for each other on
# busy cores take forty times as long for small matrices: what fits the fusion in a test took 100 s instead of 4.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

"""The models of these tests share the machine with the workers that other tests start."""

from inference import threads

threads.limit(1)  # here, since it must come before anything imports torch

"""The vocabulary that all of Attune shares: emotions, posteriors over them, and affect (valence, arousal)."""

from affect.core import Affect, Goal, Spread, goal_for
from affect.emotions import EMOTIONS, Emotion
from affect.posterior import Posterior

__all__ = ["EMOTIONS", "Affect", "Emotion", "Goal", "Posterior", "Spread", "goal_for"]

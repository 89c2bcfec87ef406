"""Define the vocabulary that all of Attune shares: emotions, posteriors over them, affect, readings, tracks."""

from domain.affect import Affect, Goal, StandardDeviation, goal_for
from domain.emotions import EMOTIONS, Emotion
from domain.posterior import Posterior

__all__ = ["EMOTIONS", "Affect", "Emotion", "Goal", "Posterior", "StandardDeviation", "goal_for"]

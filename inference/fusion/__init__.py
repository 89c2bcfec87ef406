"""Fuse the posteriors of face, voice and text into one reading, by their qualities.

rules: pure functions on probability vectors. reading: from the readings of a check-in to one. personal_bias: what a
person's corrections teach. What fits and compares the rules is in `inference.research`.
"""

from inference.fusion.personal_bias import PersonalBias, learn_personal_bias
from inference.fusion.reading import FusionRules, fuse
from inference.fusion.rules import RULES, discount

__all__ = ["RULES", "FusionRules", "PersonalBias", "discount", "fuse", "learn_personal_bias"]

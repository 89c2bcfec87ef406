"""Posteriors and qualities of face, voice and text -> one reading.

rules: pure functions on probability vectors. learn: what pairs with known labels teach them. compare: all rules on a
table of anybody's posteriors. reading: from the readings of a check-in to one. personal_bias: what corrections teach.
"""

from inference.fusion.personal_bias import PersonalBias, learn_personal_bias
from inference.fusion.reading import FusionRules, fuse
from inference.fusion.rules import RULES, discount

__all__ = ["RULES", "FusionRules", "PersonalBias", "discount", "fuse", "learn_personal_bias"]

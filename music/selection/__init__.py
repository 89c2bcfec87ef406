"""Choose tracks of one playlist: for a mood (match), or from one mood to another (regulate).

match_and_regulate.py decides; ranking.py has the costs by which candidates are compared, and taste.py what a person's
thumbs change about them.
"""

from music.selection.match_and_regulate import Choice, Reason, ReasonKind, SelectionRequest, select
from music.selection.ranking import Candidate, CandidateList, Candidates
from music.selection.taste import Rating, Taste

__all__ = [
    "Candidate",
    "CandidateList",
    "Candidates",
    "Choice",
    "Rating",
    "Reason",
    "ReasonKind",
    "SelectionRequest",
    "Taste",
    "select",
]

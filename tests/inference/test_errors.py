"""What is wrong is a code with facts, and one line of English wherever it is shown."""

import pickle
from string import Formatter

import pytest

from inference.errors import BadInput, Fault, InferenceError, listed, weight_differences


def facts_of(fault: Fault) -> dict[str, object]:
    names = {name for _, name, _, _ in Formatter().parse(fault.value) if name}
    return dict.fromkeys(names, 7)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_one_line_that_says_its_facts(fault: Fault) -> None:
    said = str(InferenceError(fault, **facts_of(fault)))
    assert "\n" not in said
    assert "{" not in said
    assert said.count("7") >= len(facts_of(fault))


def test_faults_keep_their_facts_across_processes() -> None:
    error = BadInput(Fault.BAD_LINE, place="list.csv", line=3, reason="no path")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert (copy.fault, copy.facts, str(copy)) == (error.fault, error.facts, "list.csv, line 3: no path")


def test_long_lists_of_names_are_cut_short() -> None:
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f, g, h"
    assert listed(list("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"


def test_weights_that_differ_are_said_by_kind() -> None:
    assert weight_differences(["b", "a"], [], ["c"]) == "a, b missing; c of another shape"
    assert weight_differences([], [], []) == ""

"""Tallies: each thing once, by rule, endpoint and owner; examples of as many endpoints as possible."""

from weighbridge.fleet.replay_questions import Asked, Question, Thing
from weighbridge.fleet.replay_result import EXAMPLES, LISTED, Answer, Gathering, Outcome
from weighbridge.model.verdict import Decision

DENIED = Answer(Decision.ALLOW, Decision.DENY, ("deny-x", "deny-y"))
LOAD = Asked("claimed:" + "1a" * 32, Question("load", "Artifact", ("x",)))


def thing(number):
    return Thing(f"{number:016d}", "sighting", "1a" * 32, f"/home/{number}", b"{}")


def gathered(endpoints, each):
    gathering = Gathering()
    for number in range(endpoints):
        for _ in range(each):
            gathering.add(thing(number), LOAD, DENIED)
    gathering.fold(LOAD, DENIED, endpoints * each)
    return gathering.finished(
        {f"{number:016d}": (f"laptop-{number}", f"person-{number % 2}") for number in range(endpoints)}
    )


def test_things_endpoints_models_rules_and_owners_are_counted():
    tally = gathered(5, 3)
    assert (tally.things, tally.endpoints, tally.artifacts) == (15, 5, 1)
    assert tally.rules == {"deny-x": 15, "deny-y": 15}
    assert [(one.owner, one.things) for one in tally.whose] == [("person-0", 9), ("person-1", 6)]
    first = tally.where[0]
    assert (first.name, first.owner, first.things) == ("laptop-0", "person-0", 3)


def test_examples_are_of_as_many_endpoints_as_possible_and_named():
    tally = gathered(EXAMPLES + 10, 2)
    assert len(tally.examples) == EXAMPLES
    assert len({one.endpoint_id for one in tally.examples}) == EXAMPLES
    first = tally.examples[0]
    assert (first.endpoint, first.owner, first.sha256, first.before, first.after) == (
        "laptop-0",
        "person-0",
        "1a" * 32,
        "allow",
        "deny",
    )
    assert len(tally.where) == LISTED


def test_an_outcome_begins_with_nothing():
    outcome = Outcome((LOAD,))
    assert (outcome.asked, outcome.answers, outcome.counted, outcome.times) == ((LOAD,), [], [], 0)

"""Models of the catalog: one for a name, however it is capitalized."""

from weighbridge.fleet.store import Store
from weighbridge.hub import models
from weighbridge.hub.names import parse_name


def test_a_name_is_one_model(store: Store) -> None:
    def job(c):
        first = models.add(c, 10, parse_name("Acme/Tiny"), owner="ada", upstream="elsewhere/tiny")
        again = models.add(c, 20, parse_name("acme/TINY"), owner="eve")
        found = models.by_text(c, "ACME/tiny"), models.by_id(c, first.model_id)
        return first, again, found, models.count(c), models.by_text(c, "acme/other")

    first, again, found, count, other = store.write_now(job)
    assert (first.full_name, first.owner, first.upstream) == ("Acme/Tiny", "ada", "elsewhere/tiny")
    assert again == first
    assert found == (first, first)
    assert (count, other) == (1, None)


def test_what_a_model_is_for_can_be_said_and_taken_back(store: Store) -> None:
    def job(c):
        made = models.add(c, 10, parse_name("acme/tiny"), owner="ada")
        models.describe(c, 20, made.model_id, owner="ai-team", summary="é" * 5_000, tasks=("coding", "summarize"))
        told = models.by_id(c, made.model_id)
        models.describe(c, 30, made.model_id, owner="ai-team", summary="", tasks=())
        return told, models.by_id(c, made.model_id)

    told, after = store.write_now(job)
    assert (told.tasks, told.owner, told.changed_at) == (("coding", "summarize"), "ai-team", 20)
    assert len(told.summary) == models.LONGEST_TEXT
    assert (after.tasks, after.summary) == ((), "")

"""Looking for models, on both databases."""

from tests.fleet.serving import running
from tests.hub.approved import approved

from weighbridge.hub import models
from weighbridge.hub.catalog_search import Wanted, find_served
from weighbridge.hub.names import parse_name


def test_words_stand_in_the_name_or_the_summary(store):
    with running(store) as started:
        for number, name in enumerate(("acme/Coder", "acme/talker_x")):
            approved(started, {"a": str(number).encode()}, name=name)
            model = store.read_now(lambda c, name=name: models.by_name(c, parse_name(name)))
            tasks = ("coding", "chat") if number == 0 else ("chat",)
            store.write_now(
                lambda c, model=model, tasks=tasks: models.describe(
                    c, 0, model.model_id, owner="ada", summary=f"Good at {tasks[0].upper()}", tasks=tasks
                )
            )

        def found(hidden=frozenset(), **wanted):
            page = store.read_now(lambda c: find_served(c, Wanted(**wanted), hidden))
            return sorted(one.model.full_name for one in page)

        assert found() == ["acme/Coder", "acme/talker_x"]
        assert found(words=("coding",)) == ["acme/Coder"]
        assert found(words=("CODER",)) == ["acme/Coder"]
        assert found(words=("talker_",)) == ["acme/talker_x"]
        assert found(words=("r_",)) == ["acme/talker_x"]
        assert found(labels=(("", "chat"),)) == ["acme/Coder", "acme/talker_x"]
        assert found(labels=(("", "chat"), ("task", "coding"))) == ["acme/Coder"]
        assert found(labels=(("", "cod"),)) == []
        assert found(namespace="ACME") == ["acme/Coder", "acme/talker_x"]
        assert found(namespace="acm") == []
        assert found(hidden={"acme"}) == []
        assert found(hidden=None) == []

import asyncio

from tests.fleet.policy_people import found, publish
from tests.fleet.serving import DAY

from weighbridge.fleet import policy_repository, policy_rings
from weighbridge.fleet.policy_rings import DONE, HOUR, Ring
from weighbridge.fleet.policy_upkeep import look
from weighbridge.sync.policy_updates import TIMESTAMP


def test_the_server_looks_after_what_was_published(served):
    asyncio.run(look(served.server))
    served.store.write_now(found)
    now = served.clock.now
    rings = (Ring(percent=50, hours=1), Ring(percent=100, hours=0))
    served.store.write_now(lambda connection: publish(connection, now=now, rings=rings))
    first = served.store.read_now(lambda connection: policy_repository.file(connection, TIMESTAMP))
    asyncio.run(look(served.server))
    assert served.store.read_now(policy_rings.current).ring == 0
    served.clock.now += HOUR
    asyncio.run(look(served.server))
    assert served.store.read_now(policy_rings.current).ring == 1
    asyncio.run(look(served.server))
    assert served.store.read_now(policy_rings.current).state == DONE
    assert served.store.read_now(lambda connection: policy_repository.file(connection, TIMESTAMP)) == first
    served.clock.now += DAY
    asyncio.run(look(served.server))
    assert served.store.read_now(lambda connection: policy_repository.file(connection, TIMESTAMP)) != first

import asyncio

from tests.fleet.policy_people import AT, found, publish
from tests.fleet.small_fleet import LAPTOP, SERVER, fill

from weighbridge.fleet import policy_rings
from weighbridge.fleet.policy_choice import PolicyChoice
from weighbridge.fleet.policy_rings import Ring


class Steady:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_each_endpoint_is_told_what_its_ring_has(store):
    steady = Steady()
    choice = PolicyChoice(store, steady)

    def ask(endpoint_id, said=""):
        return asyncio.run(choice(endpoint_id, said))

    store.write_now(fill)
    store.write_now(found)
    assert ask(LAPTOP) == ""
    rings = (Ring(percent=0, groups=("lab",), hours=1), Ring(percent=100, hours=1))
    store.write_now(lambda connection: publish(connection, rings=rings))
    assert ask(LAPTOP) == "", "it is looked up again after some seconds"
    steady.now += 11
    assert (ask(LAPTOP), ask(SERVER), ask("unknown")) == ("1", "", "")
    store.write_now(lambda connection: policy_rings.halt(connection, AT, "ada", "wait"))
    choice.forget()
    assert (ask(LAPTOP, "1"), ask(LAPTOP, "0 unusable"), ask(LAPTOP, "nonsense")) == ("1", "", "")

from tests.fleet.small_fleet import LAPTOP, SERVER, fill

from weighbridge.fleet import tickets
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.tickets import Ticket


def ticket(endpoint_id=LAPTOP, finding="f1", name="SEC-1"):
    return Ticket(endpoint_id, finding, name, f"https://jira.example/browse/{name}")


def test_a_finding_has_one_ticket_of_each_target(store):
    def job(connection):
        fill(connection)
        tickets.keep(connection, "t1", [ticket(), ticket(name="SEC-2"), ticket(SERVER, "f2", "SEC-3")], 5)
        tickets.keep(connection, "t2", [ticket(name="OPS-1")], 6)

    store.write_now(job)

    def read(function, *given):
        return [one.ticket for one in store.read_now(lambda connection: function(connection, *given))]

    assert read(tickets.of_target, "t1") == ["SEC-2", "SEC-3"]
    assert read(tickets.of_endpoint, EVERYTHING, LAPTOP) == ["OPS-1", "SEC-2"]
    assert read(tickets.of_endpoint, Scope(groups=("ops",)), LAPTOP) == []
    store.write_now(lambda connection: tickets.forget(connection, "t1"))
    assert read(tickets.of_target, "t1") == []

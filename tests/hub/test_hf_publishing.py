"""What every write begins with."""

import pytest
from msgspec import Struct
from tests.hub.calling import call_of, run
from tests.hub.uploading import committed, reader, within, writer

from weighbridge.fleet import accounts
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import grants, models
from weighbridge.hub.hf_publishing import json_of


class _Kind(Struct):
    size: int


def test_a_body_is_what_it_should_be():
    call, _ = call_of(pieces=[b'{"si', b'ze":3}'])
    assert run(json_of(call, _Kind)).size == 3
    for body in (b"", b"{}", b'{"size":"3"}', b"\xff", b"[" * 100_000, b'{"size":1e400}'):
        call, _ = call_of(pieces=[body])
        with pytest.raises(RefusedError) as refused:
            run(json_of(call, _Kind))
        assert refused.value.status == 400
    call, _ = call_of(pieces=[b"x" * 11])
    with pytest.raises(RefusedError) as refused:
        run(json_of(call, _Kind, most=10))
    assert refused.value.status == 413


def test_a_namespace_that_has_publishers_is_theirs(served):
    theirs, other = writer(served, name="wendy"), writer(served, name="mallory")
    account = served.store.read_now(lambda c: accounts.by_name(c, "wendy"))
    served.store.write_now(lambda c: grants.give(c, 0, "acme", account.account_id, grants.PUBLISH, by="x"))
    refused = committed(other, within("a", b"1"))
    assert refused.status_code == 403
    assert "may not do this" in refused.json()["error"]
    assert served.store.read_now(models.count) == 0
    assert committed(theirs, within("a", b"1")).status_code == 200


def test_a_right_in_one_namespace_is_one_there(served):
    client = reader(served, name="rita", right="write")
    account = served.store.read_now(lambda c: accounts.by_name(c, "rita"))
    assert committed(client, within("a", b"1")).status_code == 403
    served.store.write_now(lambda c: grants.give(c, 0, "acme", account.account_id, grants.PUBLISH, by="x"))
    assert committed(client, within("a", b"1")).status_code == 200
    assert committed(client, within("a", b"1"), address="/api/models/other/x/commit/main").status_code == 403

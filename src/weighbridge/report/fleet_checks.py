"""What a fleet finds beside the checks of what lies on a disk: by its server, and by an endpoint about its policy.

Each page stands under the headings of every check: what it finds, why it matters, example, what to do, known misses.
"""

from inspect import cleandoc

from weighbridge.model.record import record


@record
class FleetCheck:
    """A finding that no file causes. `text`: one sentence, then a paragraph for each heading."""

    id: str
    title: str
    text: str


def _check(check_id: str, title: str, text: str) -> FleetCheck:
    return FleetCheck(id=check_id, title=title, text=cleandoc(text))


FLEET_CHECKS: tuple[FleetCheck, ...] = (
    _check(
        "endpoint-silent",
        "Nothing was heard of an endpoint",
        """Found by the fleet server: an endpoint of the fleet did not speak for longer than the fleet allows.

        What it finds: an active endpoint whose last message is older than `silent_days` of the fleet's settings. It
        ends by itself with the next message.

        Why it matters: what the console shows of this machine is as old as its last message. A laptop on holiday is
        silent, and so is one on which somebody stopped the sensor.

        Example: a laptop that was last heard of on 2 November, with `silent_days: 14`.

        What to do: ask its owner whether it is in use; there, `wb enroll --status` says what is in the way. If it is
        gone for good, take it out of the fleet.

        Known misses: who sends messages and records nothing new is not silent; a stopped sensor with a running
        synchronization shows as a gap in its records.
        """,
    ),
    _check(
        "inventory-differs",
        "The inventory here and at the endpoint differed",
        """Found by the fleet server: the sum over all that an endpoint has is not the sum over what the server holds.

        What it finds: an endpoint states one number over everything that its records say is there; the server keeps
        the same number. If they differ, the server asks for all of it anew, and the finding ends when both agree.

        Why it matters: until then a list can show what is gone, or lack what is there. The records themselves are
        proven one by one and are not in doubt.

        Example: the database was put back from a backup of yesterday.

        What to do: nothing, if it ends within a day. If it comes again, or stays, look at the server's log, and compare
        `wb ledger verify` at the endpoint.

        Known misses: an endpoint that states a wrong number on purpose gets asked in vain, every few hours.
        """,
    ),
    _check(
        "ledger-forked",
        "Two ledgers with one key",
        """Found by the fleet server: an endpoint sent a ledger that is not the continuation of what it sent before.

        What it finds: a signed state of a ledger that contradicts one which the server cosigned. Nothing is taken from
        either machine after that.

        Why it matters: either the machine was copied, disk and keys with it, and two machines now speak as one; or
        somebody rewrote the history of this machine. No program can tell which.

        Example: a virtual machine is cloned and both run.

        What to do: look at both machines. On the endpoint's page choose which one goes on, or type
        `wb fleet settle ENDPOINT --reason WHY`; type the command that it prints on that machine. Enroll the other one
        anew, under a name of its own.

        Known misses: a copy that never speaks to the server; a history that was rewritten before it was first sent.
        """,
    ),
    _check(
        "ledger-replaced",
        "An endpoint came back with another ledger",
        """Found by the fleet server: a machine enrolled again with its device key, and with another ledger.

        What it finds: the key of the device is known, the key of its ledger is not the one that the server cosigned.
        The machine is not let in with it.

        Why it matters: a new ledger begins at nothing. Whoever wants to hide what a machine recorded deletes the
        ledger; so does whoever cleans a state folder without thinking of it.

        Example: the state folder was deleted, and the device key was kept in a backup.

        What to do: ask what happened to the folder. If the old ledger is lost, take the endpoint out of the fleet, and
        enroll the machine anew; all that was sent before stays.

        Known misses: a machine that comes back with a new device key as well is a new endpoint; its name tells.
        """,
    ),
    _check(
        "ledger-rolled-back",
        "An old state of a ledger was put back",
        """Found by the fleet server: an endpoint sent fewer records than the server has already witnessed.

        What it finds: a signed state of the ledger that ends before a state which the server cosigned.

        Why it matters: records that were shown to the server are not there any more. A restored snapshot does that,
        and so does who wants to unsay something. What the server holds of them stays.

        Example: a virtual machine is set back to a snapshot of last week.

        What to do: ask whether the machine was restored. If so, `wb enroll --leave` there, and enroll it anew: its
        history is sent again under a new name, and what the server has under the old one stays as evidence.

        Known misses: records that were never sent before the machine was set back.
        """,
    ),
    _check(
        "policy-stale",
        "Nobody knows whether this policy is the newest",
        """Found by an endpoint: what the fleet signed of its policy has run out, and nothing newer came.

        What it finds: the first date in the signed metadata of the fleet's policy has passed, so the machine cannot
        know whether a newer policy exists.

        Why it matters: whoever keeps a machine from its server keeps it from stricter rules and from revocations. The
        last good policy stays in force; it never gets weaker.

        Example: a laptop that was offline for six weeks, or a proxy that blocks the fleet server.

        What to do: let the machine reach its server: `wb sync`; `wb enroll --status` says what is wrong. If many
        machines have it, sign the fleet's timestamp or policy again: `wb fleet policy status`. In policy.yaml,
        `when_stale: tighten` lets wait what else would only be warned about.

        Known misses: a clock that is set back after a restart, by no more than the time since the last refresh.
        """,
    ),
    _check(
        "records-missing",
        "Records were removed before they were sent",
        """Found by the fleet server: an endpoint skipped records that its retention, or somebody, had removed.

        What it finds: a message whose first record is not the one after the last that the server has. The hashes of
        what is missing are still proven, so that nothing else can be put there.

        Why it matters: what stood in these records is known to nobody any more.

        Example: a machine was offline for longer than it keeps records.

        What to do: let machines that are offline for long keep more (`retention` in policy.yaml), or bring their
        ledgers by hand: `wb ledger export`.

        Known misses: what was never recorded: a stopped sensor leaves a gap, which is a record of its own.
        """,
    ),
    _check(
        "revoked-model",
        "A revoked model is there, or ran",
        """Found by the fleet server: an endpoint has a model that the fleet revoked.

        What it finds: a digest of the fleet's list of revocations among what an endpoint has, had, or ran, found when
        it is revoked and with every record that names it later.

        Why it matters: somebody decided that this model may not be used anywhere, whatever policy says of it.

        Example: a checkpoint turns out to carry a backdoor, and twelve laptops have it.

        What to do: delete the file and stop what runs it; the revocation's page names every process and person. The
        finding ends when the model is gone, or when the revocation is lifted. Nobody can be excepted from it.

        Known misses: the same weights in other bytes (converted, quantized again) have another digest; lineage finds
        some of those.
        """,
    ),
)
"""Sorted by id."""

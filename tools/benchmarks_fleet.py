"""The fleet server's section of docs/reference/benchmarks.md, from what `bench/fleet.py` measured."""

import statistics
from collections.abc import Mapping
from typing import Any


def fleet(measured: Mapping[str, Any]) -> str:
    """Return the section for what each part of `bench/fleet.py` measured."""
    text = """
## Fleet server

`python -m bench.fleet SCRATCH`: simulated endpoints with real keys, trees and signatures, each behind a network that
loses one answer of fifty; simulator, server and database share one machine. A usual message brings four records; the
first one of an endpoint about fifty. A thousand records a day and a message every five minutes are an endpoint.
"""
    for name, told in _FLEET_PARTS.items():
        if name in measured and isinstance(measured[name], dict):
            rows = "".join(f"| {what} | {value} | {budget} |\n" for what, value, budget in told(measured[name]))
            text += f"\n| {_FLEET_TITLES[name]} | Measured | Budget |\n|---|--:|--:|\n{rows}"
    return text + _FLEET_OTHERS


def _kept(part: Mapping[str, Any]) -> tuple[str, str, str]:
    return f"records lost, doubled, of {part['records']:,}", f"{part['lost']}, {part['doubled']}", "0, 0"


def _fleet_cost(part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    ratio = statistics.median(one["p99_ratio"] for one in part["usual"])
    first = part["first"]["processor_per_message"]
    return [
        ("processor time of a usual message", f"{part['processor_per_message'] * 1000:.1f} ms", ""),
        ("processor time of a first message", f"{first * 1000:.1f} ms", ""),
        ("share of a core for 10,000 endpoints", f"{part['share_of_a_core_for_10000']:.0%}", "200 %"),
        ("slowest of 100, beside a bare answer, eight on their way", f"{ratio:.1f}x", ""),
        _kept(part),
    ]


def _fleet_paced(part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    growth = part["growth_bytes_per_hour"] / (1 << 20)
    return [
        ("messages a second", f"{part['per_second']:.1f}", "33"),
        ("answer, 99 of 100", f"{part['p99_seconds'] * 1000:.0f} ms", "250 ms"),
        ("answer, median", f"{part['p50_seconds'] * 1000:.0f} ms", ""),
        ("told to come again later, without an answer", f"{part['refused']}, {part['failed']}", ""),
        ("share of a core", f"{part['share_of_a_core']:.0%}", "200 %"),
        ("most memory", f"{part['peak_bytes'] / (1 << 20):.0f} MB", "500 MB"),
        ("memory in the last two thirds", f"{growth:+.0f} MB an hour", "flat"),
        ("open files then", f"{part['files_fewest']} to {part['files_most']}", "flat"),
        (f"{part['pages']} pages meanwhile, 95 of 100", f"{part['page_p95_seconds'] * 1000:.0f} ms", "200 ms"),
        _kept(part),
    ]


def _fleet_storm(part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        ("records a second", f"{part['records_per_second']:,.0f}", ""),
        ("records in a second of processor time", f"{part['records_per_processor_second']:,.0f}", ""),
        ("until 10,000 such endpoints are done, one core", f"{part['hours_of_a_core_for_10000']:.1f} h", ""),
        ("longest wait for an answer", f"{part['longest_answer_seconds']:.1f} s", ""),
        ("told to come again later", f"{part['refused']}", ""),
        ("most memory", f"{part['peak_bytes'] / (1 << 20):.0f} MB", "500 MB"),
        _kept(part),
    ]


def _fleet_postgresql(part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    one, two, paced = part["one_server"], part["two_servers"], part["paced"]
    return [
        ("processor time of a message, one server", f"{one['processor_per_message'] * 1000:.1f} ms", ""),
        ("the same, two servers", f"{two['processor_per_message'] * 1000:.1f} ms", ""),
        ("of PostgreSQL", f"{two['processor_of_postgresql_per_message'] * 1000:.1f} ms", ""),
        ("cores for 100,000 endpoints, database included", f"{part['cores_for_100000']:.1f}", ""),
        ("messages a second here, one server", f"{one['messages_per_second']:.0f}", ""),
        ("the same, two servers", f"{two['messages_per_second']:.0f}", ""),
        (f"answer at {paced['per_second']:.0f} a second, 99 of 100", f"{paced['p99_seconds'] * 1000:.0f} ms", "250 ms"),
        ("most memory of a server", f"{part['peak_bytes'] / (1 << 20):.0f} MB", "500 MB"),
        _kept(part),
    ]


def _fleet_pages(part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    hunt = part["hunt"]
    rows = [
        ("where is this digest, 95 of 100", f"{hunt['p95_seconds'] * 1000:.1f} ms", "100 ms"),
        ("the heaviest page", f"{part['heaviest_bytes'] / 1024:.0f} kB", "150 kB"),
    ]
    rows += [(name, f"{one['p95_seconds'] * 1000:.0f} ms", "200 ms") for name, one in part["pages"].items()]
    return rows


_FLEET_PARTS = {
    "cost": _fleet_cost,
    "paced": _fleet_paced,
    "soak": _fleet_paced,
    "storm": _fleet_storm,
    "postgresql": _fleet_postgresql,
    "pages": _fleet_pages,
    "pages_postgresql": _fleet_pages,
}
_FLEET_TITLES = {
    "cost": "One process, one SQLite file, as fast as it answers",
    "paced": "10,000 endpoints at their pace, SQLite",
    "soak": "The same for half an hour",
    "storm": "Endpoints that return with three days of records, SQLite",
    "postgresql": "PostgreSQL with 100,000 endpoints in it",
    "pages": "Pages at 100,000 endpoints and ten million sightings, SQLite, 95 of 100",
    "pages_postgresql": "The same on PostgreSQL",
}
_FLEET_OTHERS = """
What others say of theirs: Fleet's reference for 150,000 hosts is 20 tasks of 1 vCPU and 4 GB beside two r6g.4xlarge
databases, for 1,000 hosts one task, two databases and three Redis (fleetdm/fleet,
`docs/Deploy/Reference-Architectures.md`); Elastic's for 10,000 agents is 128 GB and 32 vCPU of Elasticsearch, for
100,000 512 GB and 128 vCPU (elastic/docs-content, `reference/fleet/fleet-server-scalability.md`); Velociraptor's pages
tell of 10,000 clients on 2 cores and 8 GB. These are their figures for their work, not runs beside ours.
"""

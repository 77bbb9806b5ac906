"""Evidence about use: which runtimes ran models, who or what started them, how far the machine reached meanwhile."""

from sqlalchemy import func, select

from weighbridge.fleet.evidence import NUMBER, Answer, Bar, Column, told
from weighbridge.fleet.evidence_asking import DAY, Asking
from weighbridge.fleet.processes import USAGE


def use(ask: Asking) -> Answer:
    """Tell how many processes ran models, by runtime, actor and network; from the counts by day."""
    within = (USAGE.c.day >= ask.window.since // DAY, USAGE.c.day <= ask.window.until // DAY, ask.here(USAGE))
    number = func.sum(USAGE.c.processes).label("number")
    on = func.count(USAGE.c.endpoint_id.distinct()).label("endpoints")
    keys = (USAGE.c.runtime, USAGE.c.actor, USAGE.c.network)
    grouped = select(*keys, number, on).where(*within).group_by(*keys)
    rows = ask.rows(grouped.order_by(number.desc(), *keys))
    total = ask.count(grouped)
    runs = sum(int(row.number) for row in rows)
    by_agents = sum(int(row.number) for row in rows if row.actor == "agent")
    by_runtime: dict[str, int] = {}
    for row in rows:
        by_runtime[row.runtime] = by_runtime.get(row.runtime, 0) + int(row.number)
    return Answer(
        headline=f"{runs:,}",
        says=f"{told(runs, 'process', 'processes')} ran models within this time; {by_agents:,} for an agent",
        columns=[
            *(Column(name=word) for word in ("Runtime", "Started by", "Network")),
            Column(name="Processes", kind=NUMBER),
            Column(name="Endpoints", kind=NUMBER),
        ],
        rows=[[row.runtime, row.actor, row.network, int(row.number), row.endpoints] for row in rows],
        total=total,
        chart="Which runtimes ran models?" if rows else "",
        bars=[
            Bar(label=name or "unknown", number=count)
            for name, count in sorted(by_runtime.items(), key=lambda one: (-one[1], one[0]))[:10]
        ],
    )

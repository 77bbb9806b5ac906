"""How a store would run the statements of a job: which tables it would read whole."""

import re
from collections.abc import Callable

from sqlalchemy import Connection, event, text

from weighbridge.fleet.store import Store


def plans(store: Store, job: Callable[[Connection], object], *, in_order: bool = True) -> list[list[str]]:
    """Run a job; return the plan of each of its queries, as the store explains it.

    Args:
        store: which.
        job: what asks.
        in_order: whether only indexes count that give rows in the order that is wanted.
    """
    found: list[list[str]] = []
    is_sqlite = store.dialect == "sqlite"
    with store.database.engine.connect() as connection, connection.begin():
        if not is_sqlite:
            # With a handful of rows reading all of them is quickest; the question is whether an index could serve.
            # One that finds rows in another order than is wanted is read as a bitmap, so only those are left then.
            for name in ("seqscan", "hashjoin", "mergejoin", "bitmapscan" if in_order else "indexscan"):
                connection.execute(text(f"SET LOCAL enable_{name} = off"))
        explaining = False

        def explain(_c: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
            nonlocal explaining
            if explaining or not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                return
            explaining = True
            prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            rows = connection.exec_driver_sql(prefix + statement, parameters).all()  # type: ignore[arg-type]
            found.append([str(row[3] if is_sqlite else row[0]) for row in rows])
            explaining = False

        event.listen(connection, "before_cursor_execute", explain)
        job(connection)
    return found


def strange_scans(plan: list[str], tables: set[str]) -> list[str]:
    """Return the steps that read one of these tables without an index, or an index without a limit of its own."""
    names = "|".join(sorted(tables))
    whole = re.compile(rf"SCAN (?:{names})$|SCAN (?:{names}) (?!USING)|Seq Scan on (?:{names})\b|AUTOMATIC")
    return [step for step in plan if whole.search(step.strip())]

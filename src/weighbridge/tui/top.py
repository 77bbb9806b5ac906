"""The screen of `wb top`: what runs, again and again, with search, sorting and everything about one process."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Footer, Input, Static

from weighbridge.model.running import RunningProcess, Snapshot
from weighbridge.report.escape import visible
from weighbridge.report.words import Role
from weighbridge.tui.rows import COLUMNS, SORTS, View, detail, head, rows

STYLES: dict[Role, str] = {"success": "green", "error": "bold red", "warning": "yellow", "hint": "cyan", "muted": "dim"}
_LAST_RECORDS = 4
"""As many as there is room for in `top.tcss`."""
_RIGHT = frozenset({"pid", "memory"})


class Top(App[None]):
    """The live view.

    Args:
        look: returns what runs now; called in a thread, may take a while.
        records: returns the last lines of the ledger, oldest first; called beside `look`.
        seconds: pause between two looks.
    """

    TITLE = "wb top"
    CSS_PATH = "top.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("escape", "leave", "Back", show=False),
        Binding("s", "sort", "Sort"),
        Binding("a", "everything", "All/models"),
        Binding("d", "detail", "Detail"),
        Binding("p", "pause", "Pause"),
        Binding("r", "refresh", "Look now"),
    ]

    def __init__(
        self, look: Callable[[], Snapshot], records: Callable[[], Sequence[str]] = tuple, *, seconds: float = 2.0
    ) -> None:
        super().__init__()
        self._look, self._records, self._seconds = look, records, seconds
        self._snapshot: Snapshot | None = None
        self._view = View()
        self._paused = False
        self._looking = False

    def compose(self) -> ComposeResult:
        """Build the screen."""
        yield Static("looking …", id="head")
        yield Input(placeholder="search: every word must be somewhere in a process", id="search")
        yield DataTable(id="processes", cursor_type="row", zebra_stripes=True)
        with VerticalScroll(id="detail"):
            yield Static("", id="about")
        yield Static("", id="records")
        yield Footer()

    def on_mount(self) -> None:
        """Start to look."""
        table = self._table()
        for column in COLUMNS:
            table.add_column(column, key=column)
        table.focus()
        self.set_interval(self._seconds, self._tick)
        self.action_refresh()

    def _table(self) -> DataTable[Text]:
        return self.query_one("#processes", DataTable)

    def _tick(self) -> None:
        if not self._paused:
            self.action_refresh()

    # What keys do

    def action_refresh(self) -> None:
        """Look now, unless a look is under way."""
        if not self._looking:
            self._looking = True
            self.run_worker(self._take, thread=True, exclusive=True)

    def action_search(self) -> None:
        """Open the search line."""
        field = self.query_one("#search", Input)
        field.display = True
        field.focus()

    def action_leave(self) -> None:
        """Close search, then detail."""
        field = self.query_one("#search", Input)
        if field.display:
            field.value = ""
            field.display = False
            self._table().focus()
        else:
            self.query_one("#detail").display = False

    def action_sort(self) -> None:
        """Sort by the next thing."""
        order = SORTS[(SORTS.index(self._view.sort) + 1) % len(SORTS)]
        self._show(View(search=self._view.search, sort=order, everything=self._view.everything))

    def action_everything(self) -> None:
        """Show agents and listeners without weights too, or no longer."""
        self._show(View(search=self._view.search, sort=self._view.sort, everything=not self._view.everything))

    def action_detail(self) -> None:
        """Open or close what is known about the process under the cursor."""
        pane = self.query_one("#detail")
        pane.display = not pane.display
        self._tell()

    def action_pause(self) -> None:
        """Hold the picture still, or let it move again."""
        self._paused = not self._paused
        self._say()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while typing."""
        self._show(View(search=event.value, sort=self._view.sort, everything=self._view.everything))

    def on_input_submitted(self) -> None:
        """Go back to the table, with the search kept."""
        self._table().focus()

    def on_data_table_row_highlighted(self) -> None:
        """Follow the cursor."""
        self._tell()

    def on_data_table_row_selected(self) -> None:
        """Open the detail of a row on Enter."""
        self.query_one("#detail").display = True
        self._tell()

    # What is shown

    def _take(self) -> None:
        try:
            snapshot, lines = self._look(), self._records()
        except Exception as error:  # noqa: BLE001  (the screen stays, and says what went wrong)
            self.call_from_thread(self._failed, str(error) or type(error).__name__)
        else:
            self.call_from_thread(self._arrived, snapshot, lines)

    def _failed(self, reason: str) -> None:
        self._looking = False
        self.query_one("#head", Static).update(Text(f"could not look: {visible(reason, 200)}", "bold red"))

    def _arrived(self, snapshot: Snapshot, lines: Sequence[str]) -> None:
        self._looking = False
        self._snapshot = snapshot
        last = self.query_one("#records", Static)
        last.display = bool(lines)
        told = "\n".join(visible(line, 200) for line in lines[-_LAST_RECORDS:])
        last.update(Text(told, no_wrap=True, overflow="ellipsis"))
        self._show(self._view)

    def _show(self, view: View) -> None:
        self._view = view
        if self._snapshot is None:
            return
        table = self._table()
        row = table.cursor_row
        table.clear()
        for line in rows(self._snapshot, view):
            cells = [
                Text(
                    cell.text,
                    STYLES[cell.role] if cell.role else "",
                    justify="right" if column in _RIGHT else "left",
                )
                for column, cell in zip(COLUMNS, line.cells, strict=True)
            ]
            table.add_row(*cells, key=line.key)
        if table.row_count:
            table.move_cursor(row=min(row, table.row_count - 1))
        self._say()
        self._tell()

    def _say(self) -> None:
        if self._snapshot is None:
            return
        shown = f"{head(self._snapshot)} · sorted by {self._view.sort}"
        shown += " · all" if self._view.everything else ""
        shown += " · PAUSED" if self._paused else ""
        if not self._table().row_count:
            shown += "\n\nNothing runs models here" + (" that fits the search." if self._view.search else " now.")
        self.query_one("#head", Static).update(Text(shown))

    def _tell(self) -> None:
        process = self._at_cursor()
        about = Text()
        for what, value in detail(process) if process is not None else ():
            about.append(f"{what:<12}", "dim").append(f"{value}\n")
        self.query_one("#about", Static).update(about)

    def _at_cursor(self) -> RunningProcess | None:
        table = self._table()
        if self._snapshot is None or not table.row_count:
            return None
        key = str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)
        pid, started = (int(part) for part in key.split(":")[:2])
        return next(
            (one for one in self._snapshot.processes if (one.pid, one.started) == (pid, started)),
            None,
        )

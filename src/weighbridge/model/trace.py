"""What a group of processes did with files over a time: enough to tell habits, nothing of any content."""

from weighbridge.model.record import record


@record
class FileTrace:
    """Files that were opened and programs that were started, in order."""

    opened: tuple[tuple[str, bool], ...] = ()
    """Path, and whether it was opened for writing."""
    started: tuple[str, ...] = ()
    """Names of programs."""
    home: str = ""
    """Home folder of the user."""


@record
class Behavior:
    """Numbers of a trace, see `discover/behavior.py`."""

    opens: int
    files: int
    reopened: float
    """Opens per different file."""
    system_share: float
    """Share of opens in folders of the system."""
    written_share: float
    """Share of opens for writing, outside of folders of the system."""
    folders_per_file: float
    """Different folders per different file, outside of folders of the system."""
    kinds: float
    """Entropy of name endings, in bits."""
    looking_share: float
    """Share of started programs that look at things one by one; shells do not count."""
    lookers: int
    """Different programs among these."""
    program_kinds: float
    """Entropy of started programs, in bits."""
    starts: int
    sensitive: int
    """Different files behind which keys and persons are."""

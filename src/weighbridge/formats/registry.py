"""All readers, sorted by id. Order does not matter: every reader that recognizes a source reads it."""

from weighbridge.formats.reader import Reader

READERS: tuple[Reader, ...] = ()

"""All cases, family by family."""

from tests.samples.case import Case

EVASIONS: tuple[Case, ...] = ()
BENIGN: tuple[Case, ...] = ()

"""All cases about licenses."""

from tests.samples import (
    licenses_altered,
    licenses_artifacts,
    licenses_attacks,
    licenses_bsd,
    licenses_cards,
    licenses_folders,
    licenses_genuine,
    licenses_hidden,
    licenses_names,
)
from tests.samples.license_case import TermsCase, TextCase

TEXTS: tuple[TextCase, ...] = (
    *licenses_altered.CASES,
    *licenses_attacks.CASES,
    *licenses_bsd.CASES,
    *licenses_genuine.CASES,
    *licenses_hidden.CASES,
    *licenses_names.CASES,
)
MODELS: tuple[TermsCase, ...] = (*licenses_artifacts.CASES, *licenses_cards.CASES, *licenses_folders.CASES)

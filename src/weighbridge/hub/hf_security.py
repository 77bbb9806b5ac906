"""What was found in the files of a release, in the words that clients of the public hub know.

Source: huggingface_hub, `hf_api.py` (`securityRepoStatus`, `BlobSecurityInfo`).
"""

import msgspec
from sqlalchemy import Connection, select

from weighbridge.hub import weighed
from weighbridge.hub.release_files import FILES
from weighbridge.hub.releases import Release
from weighbridge.model.finding import Assessment
from weighbridge.model.record import record

UNSCANNED, SAFE = "unscanned", "safe"
_MOST_ISSUES = 100
_STATUS = {
    Assessment.NOT_A_MODEL.value: SAFE,
    Assessment.CLEAN.value: SAFE,
    Assessment.REVIEW.value: "caution",
    Assessment.INCOMPLETE.value: "suspicious",
    Assessment.HOSTILE.value: "unsafe",
    Assessment.MALICIOUS.value: "unsafe",
}


class _Finding(msgspec.Struct):
    check: str = ""
    message: str = ""


class _Artifact(msgspec.Struct):
    sha256: str | None = None
    assessment: str = ""
    findings: list[_Finding] = []


class _Report(msgspec.Struct):
    artifacts: list[_Artifact] = []


@record
class Scanned:
    """What was found in a release: its answer, and that of each file that is a model, by digest."""

    whole: str
    files: dict[str, tuple[str, str]]
    """Status and words, by digest."""

    def file_status(self, sha256: str) -> dict[str, object]:
        """Return what is said of a file. One that is no model has nothing that could be found."""
        rest = "suspicious" if self.whole == "suspicious" else UNSCANNED if self.whole == UNSCANNED else SAFE
        status, words = self.files.get(sha256, (rest, ""))
        scan = {"status": status, "message": words or None}
        return {"status": status, "avScan": scan, "pickleImportScan": {**scan, "pickleImports": []}}


def scanned(connection: Connection, release: Release) -> Scanned:
    """Return what was found in a release."""
    whole = _STATUS.get(release.assessment, UNSCANNED)
    report = weighed.report_of(connection, release.release_id) if release.assessment else None
    if report is None:
        return Scanned(whole=whole, files={})
    files = {}
    for artifact in msgspec.json.decode(report, type=_Report).artifacts:
        if artifact.sha256:
            words = "; ".join(dict.fromkeys(one.message or one.check for one in artifact.findings))
            files[artifact.sha256] = (_STATUS.get(artifact.assessment, UNSCANNED), words[:500])
    return Scanned(whole=whole, files=files)


def repository_status(connection: Connection, release: Release) -> dict[str, object]:
    """Return which files of a release people should look at."""
    found = scanned(connection, release)
    levels = {sha256: status for sha256, (status, _) in found.files.items() if status not in (SAFE, UNSCANNED)}
    issues = []
    if levels:
        wanted = select(FILES.c.path, FILES.c.sha256).where(FILES.c.release_id == release.release_id)
        rows = connection.execute(wanted.where(FILES.c.sha256.in_(sorted(levels)[:1_000])).limit(_MOST_ISSUES))
        issues = [{"path": row.path, "level": levels[row.sha256]} for row in rows]
    return {"scansDone": found.whole != UNSCANNED, "filesWithIssues": issues}

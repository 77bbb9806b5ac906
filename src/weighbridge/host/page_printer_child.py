"""The process that prints a page: HTML on standard input, PDF on standard output, nothing else.

It loads the package, gives up every right that it does not need, and prints. It opens fonts of the system; it can reach
no network and start no program, writes no file, and whatever a page names is not fetched.
"""

import sys
from importlib import import_module

MEMORY_BYTES = 4 << 30
PROCESSOR_SECONDS = 150


def main(folder: str) -> int:
    """Print; return the exit status."""
    sys.path.insert(0, folder)
    try:
        weasyprint = import_module("weasyprint")
    except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
        sys.stderr.write(f"WeasyPrint cannot be loaded: {str(error).splitlines()[0]}\n")
        return 1
    _give_up_rights()

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc,name-defined]  # loaded a few lines above
        """Fetches nothing."""

        def fetch(self, url: str, headers: object = None) -> object:
            """Refuse."""
            raise ValueError("nothing is fetched for a report")

    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        content = weasyprint.HTML(string=page, url_fetcher=Nothing()).write_pdf(pdf_variant="pdf/ua-1")
    except Exception as error:  # noqa: BLE001  (a library that is not ours may raise anything; the parent says so)
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:300]}\n")
        return 1
    sys.stdout.buffer.write(content)
    return 0


def _give_up_rights() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time limit and the fetcher remain
        return
    limits = (
        ("RLIMIT_AS", MEMORY_BYTES),
        ("RLIMIT_CPU", PROCESSOR_SECONDS),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    )
    for limit, value in limits:
        try:
            resource.setrlimit(getattr(resource, limit), (value, value))
        except (AttributeError, ValueError, OSError):
            continue  # a platform without this limit still has the others
    if sys.platform == "linux":
        from weighbridge.host.isolation_filter import forbid_system_calls

        forbid_system_calls(for_libraries=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""What is asked of a machine that runs, by probe, and where the answers come from.

A test over a machine in memory holds `wb ps` to it; the page "What Weighbridge looks at" is made of it. To add a
question: the method of `Live` here, in `QUESTIONS` and in the `asks` of a probe.
"""

from weighbridge.discover.probe import Declaration
from weighbridge.model.record import record


@record
class RunningProbe:
    """One source of what `wb ps` shows."""

    id: str
    title: str
    declaration: Declaration


QUESTIONS: dict[str, str] = {
    "accelerators": "NVIDIA's library; `fdinfo` of files below `/dev/dri` and `/dev/accel`; `/sys/class/accel`",
    "blind_spots": "`/proc/self/ns/pid`, `/proc/self/mountinfo`",
    "boot_id": "`/proc/sys/kernel/random/boot_id`",
    "bytes_read": "`/proc/PID/io`",
    "changed_since": "the time of change of a file that a command line or a server names, and of links to it",
    "command_line": "`/proc/PID/cmdline`",
    "container": "`/proc/PID/cgroup`",
    "environment_of": "`/proc/PID/environ`",
    "executable": "`/proc/PID/exe`, the name only",
    "get": "GET over loopback or a UNIX socket, at most 1 second and 64 KiB, no redirect followed",
    "list_folder": "names in a folder, through `/proc/PID/root`",
    "listeners": "netlink `sock_diag`; `/proc/PID/net/tcp`, `tcp6`, `unix` of other network namespaces",
    "mapped_files": "`/proc/PID/maps`",
    "network_namespace": "`/proc/PID/ns/net`",
    "open_files": "names, sizes and modes of `/proc/PID/fd`",
    "open_handle": "content of a file that a process holds open, through `/proc/PID/fd`",
    "open_mapped": "content of a file that a process has mapped, through `/proc/PID/map_files`",
    "open_path": "content of a file that a command line or a server names, through `/proc/PID/root`",
    "processes": "`/proc/PID/stat`; `/proc/PID/status` of processes of root",
    "routes": "`/proc/PID/net/route`, `ipv6_route`; `/sys/class/net`",
    "service_unit": "`/proc/PID/cgroup`",
    "socket_owners": "names of `/proc/PID/fd`",
    "user_name": "the account database",
    "working_folder": "`/proc/PID/cwd`, the name only",
}
"""Methods of `Live` to what they read on Linux."""

RUNNING_PROBES: tuple[RunningProbe, ...] = (
    RunningProbe(
        id="accelerator-load",
        title="Accelerators",
        declaration=Declaration(
            reads=(),
            asks=("accelerators",),
            cost="one reading of every device",
            purpose="Tells which process computes on which accelerator.",
        ),
    ),
    RunningProbe(
        id="actor",
        title="Who acts",
        declaration=Declaration(
            reads=("user settings of agents, as `wb agent audit` reads them",),
            asks=("container", "environment_of", "service_unit"),
            privilege="user; more with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, or root",
            cost="two small texts for each process that runs or serves models, or is an agent",
            purpose="Tells agents, people and services apart. Of environments only names of variables that agents set"
            " are kept, and of keys a fingerprint.",
        ),
    ),
    RunningProbe(
        id="network-state",
        title="Network",
        declaration=Declaration(
            reads=(),
            asks=("network_namespace", "routes"),
            cost="two small tables for each network namespace",
            purpose="Tells how far a process reaches: nothing is sent anywhere.",
        ),
    ),
    RunningProbe(
        id="process-list",
        title="Processes",
        declaration=Declaration(
            reads=(),
            asks=(
                "blind_spots",
                "boot_id",
                "command_line",
                "container",
                "executable",
                "mapped_files",
                "open_files",
                "processes",
                "user_name",
                "working_folder",
            ),
            privilege="user; more with CAP_PERFMON, CAP_SYS_PTRACE or root",
            cost="some small texts for each process that did something since the last look",
            purpose="Lists what runs. Command lines are shown with secrets masked.",
        ),
    ),
    RunningProbe(
        id="running-weights",
        title="Weights in processes",
        declaration=Declaration(
            reads=(
                "files that a process has mapped or holds open: the first 4,096 and last 64 bytes",
                "the program of a process that holds weights and is called like one that only reads files: its inode",
                "files that a command line, or a server on this machine, calls a model: the same",
                "those of them that are weights: as `wb scan` reads them, with the license texts beside them",
                "~/.cache/huggingface/hub/models--*/refs/main",
            ),
            environment=("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE", "HF_HOME", "XDG_CACHE_HOME"),
            asks=("bytes_read", "changed_since", "list_folder", "open_handle", "open_mapped", "open_path"),
            privilege="user; more with CAP_CHECKPOINT_RESTORE or root",
            cost="every file once for each of its versions; weights are hashed once",
            purpose="Tells which process runs which weights, by their content.",
        ),
    ),
    RunningProbe(
        id="servers",
        title="Servers of models",
        declaration=Declaration(
            reads=(),
            asks=("get", "listeners", "socket_owners"),
            cost="a few GETs for each listener that may serve models, once",
            purpose="Asks servers on this machine which product they are and what they offer. Never POST.",
        ),
    ),
)

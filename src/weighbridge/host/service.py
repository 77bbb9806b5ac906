"""The sensor as a service of one user: the unit of the platform's service manager, written, started, taken back.

Source: systemd.service(5), systemd.exec(5); launchd.plist(5); Task Scheduler schema 1.2 ("Task Scheduler Schema" of the
Windows documentation). macOS and Windows are written against these pages and were never tried there.
"""

import os
import subprocess  # noqa: TID251  (host is where processes are started)
import sys
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from weighbridge.host.state import write_atomically
from weighbridge.model.errors import WeighbridgeError

LABEL = "org.weighbridge.watch"
_UNIT = "weighbridge-watch.service"
_PATIENCE = 30
_SYSTEMD = """\
[Unit]
Description=Weighbridge sensor: records what AI runs on this machine
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
ExecStart={command}
ExecReload=kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
Nice=5
IOSchedulingClass=idle
MemoryMax=400M
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=default.target
"""
_LAUNCHD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>{label}</string>
  <key>ProgramArguments</key>
  <array>{arguments}</array>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>10</integer>
  <key>ProcessType</key><string>Background</string>
  <key>LowPriorityIO</key><true/>
  <key>Nice</key><integer>5</integer>
  <key>Umask</key><integer>63</integer>
</dict>
</plist>
"""
_TASK = """\
<?xml version="1.0" encoding="UTF-8"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Weighbridge sensor: records what AI runs on this machine</Description>
  </RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>8</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions><Exec><Command>{program}</Command><Arguments>{arguments}</Arguments></Exec></Actions>
</Task>
"""


class Service(NamedTuple):
    """A unit: where it lies, what it says, how it is started and stopped."""

    path: str
    text: str
    start: tuple[tuple[str, ...], ...]
    stop: tuple[tuple[str, ...], ...]

    def is_installed(self) -> bool:
        """Tell whether the unit lies at its place."""
        return os.path.exists(self.path)

    def install(self) -> None:
        """Write the unit and start it. Raises `WeighbridgeError`: `E-service`; then nothing is left behind."""
        try:
            write_atomically(os.fsencode(self.path), self.text.encode())
        except OSError as error:
            raise _failed(f"{self.path} cannot be written: {error.strerror}") from error
        try:
            for command in self.start:
                _run(command)
        except WeighbridgeError:
            self._remove()
            raise

    def uninstall(self) -> None:
        """Stop it and remove the unit. Raises `WeighbridgeError`: `E-service`."""
        for command in self.stop:
            _run(command)
        self._remove()

    def _remove(self) -> None:
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _failed(f"{self.path} cannot be removed: {error.strerror}") from error


def service(policy: str | None, platform: str = sys.platform, home: str | None = None) -> Service:
    """Return the unit of this user on a platform: systemd, launchd or a scheduled task.

    Args:
        policy: pack, or path of a policy folder; None for the fleet's where there is one.
        platform: as `sys.platform` says.
        home: of this user.
    """
    home = home or os.path.expanduser("~")
    command = [sys.executable, "-P", "-m", "weighbridge", "watch", "--quiet"]
    if policy is not None:
        command += ["--policy", os.path.abspath(policy) if os.path.isdir(policy) else policy]
    if platform == "darwin":
        path = f"{home}/Library/LaunchAgents/{LABEL}.plist"
        arguments = "".join(f"<string>{escape(word)}</string>" for word in command)
        text = _LAUNCHD.format(label=LABEL, arguments=arguments)
        return Service(path, text, (("launchctl", "load", "-w", path),), (("launchctl", "unload", "-w", path),))
    if platform == "win32":
        path = f"{home}\\AppData\\Local\\weighbridge\\{LABEL}.xml"
        text = _TASK.format(program=escape(command[0]), arguments=escape(subprocess.list2cmdline(command[1:])))
        made = ("schtasks", "/Create", "/F", "/TN", LABEL, "/XML", path)
        ended = (("schtasks", "/End", "/TN", LABEL), ("schtasks", "/Delete", "/F", "/TN", LABEL))
        return Service(path, text, (made, ("schtasks", "/Run", "/TN", LABEL)), ended)
    path = f"{home}/.config/systemd/user/{_UNIT}"
    text = _SYSTEMD.format(command=" ".join(map(_systemd_word, command)))
    begin = (("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", "--now", _UNIT))
    return Service(path, text, begin, (("systemctl", "--user", "disable", "--now", _UNIT),))


def _systemd_word(word: str) -> str:
    """Quote a word as systemd reads it. Source: systemd.syntax(7), "Quoting", and specifiers in systemd.unit(5)."""
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{safe}"' if any(character in word for character in " \t'\"\\;") else safe


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603  (constant words)
    except FileNotFoundError:
        raise _failed(f"there is no {command[0]} here") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(f"{command[0]} does not work: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _failed(f"`{' '.join(command[:4])}` failed: {said[0] if said else done.returncode}")


def _failed(reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-service",
        reason,
        "run `wb watch` by hand, or write the unit yourself: deploy/ has one for every platform",
        exit_code=1,
    )

"""The files in deploy/ fit the program that they start: commands, settings, paths and ports that exist."""

import configparser
import os
import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from tests.house.files import ROOT
from weighbridge.cli.serve import command
from weighbridge.console.app import routes
from weighbridge.fleet.settings import PREFIX, read_settings

DEPLOY = ROOT / "deploy"
PATHS = {path for route in routes() for path in route.paths}


def _text(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


def _kinds():
    return {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(_text("kubernetes.yaml"))}


def _settings(variables):
    assert variables
    return read_settings(environment={name: str(value) for name, value in variables.items() if name.startswith(PREFIX)})


def _unit():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(_text("weighbridge-fleet.service"))
    return unit


def test_the_unit_starts_a_command_that_exists():
    program, name, *arguments = shlex.split(_unit()["Service"]["ExecStart"])
    assert (program.rpartition("/")[2], name) == ("wb", "serve")
    known = {option for parameter in command.params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


def test_the_unit_is_one_that_systemd_takes():
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(DEPLOY / "weighbridge-fleet.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    # The program itself is not installed where the tests run.
    said = [line for line in done.stderr.splitlines() if "weighbridge-fleet" in line and "not executable" not in line]
    assert said == []


def test_the_unit_gives_a_server_time_to_end_and_little_else():
    service = _unit()["Service"]
    assert int(service["TimeoutStopSec"]) > 30
    assert service["ProtectSystem"] == "strict"
    assert service["DynamicUser"] == "yes"
    assert service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"


def test_compose_starts_a_server_that_would_start():
    services = yaml.safe_load(_text("compose.yaml"))["services"]
    variables = {
        name: re.sub(r"\$\{\w+:[-?]([^}]*)\}", r"\1", str(value))
        for name, value in services["fleet"]["environment"].items()
    }
    settings = _settings(variables)
    assert settings.database.startswith("postgresql://")
    assert settings.host == "0.0.0.0"
    assert services["fleet"]["ports"] == [f"127.0.0.1:{settings.port}:{settings.port}"]
    probe = " ".join(services["fleet"]["healthcheck"]["test"])
    assert "/health/ready" in probe
    assert services["fleet"]["read_only"] is True
    assert services["fleet"]["cap_drop"] == ["ALL"]
    assert (DEPLOY.parent / services["fleet"]["build"]["dockerfile"]).is_file()


def test_compose_is_what_compose_takes():
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("docker compose is not installed")
    done = subprocess.run(
        ["docker", "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"WEIGHBRIDGE_DATABASE_PASSWORD": "x"},
    )
    assert done.returncode == 0, done.stderr


def test_kubernetes_starts_a_server_that_would_start():
    kinds = _kinds()
    settings = _settings(kinds["ConfigMap", "fleet"]["data"] | kinds["Secret", "fleet-database"]["stringData"])
    assert settings.secure
    pod = kinds["Deployment", "fleet"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": settings.port}]
    probes = {container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert probes <= PATHS
    named = {next(iter(source.values()))["name"] for source in container["envFrom"]}
    assert named == {name for kind, name in kinds if kind in ("ConfigMap", "Secret")}
    assert pod["terminationGracePeriodSeconds"] > 30


def test_kubernetes_runs_it_without_rights():
    pod = _kinds()["Deployment", "fleet"]["spec"]["template"]["spec"]
    inside = pod["containers"][0]["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert (inside["readOnlyRootFilesystem"], inside["allowPrivilegeEscalation"]) == (True, False)
    assert inside["capabilities"] == {"drop": ["ALL"]}
    user = re.search(r"^USER (\d+)$", _text("fleet.Containerfile"), re.MULTILINE)
    assert user is not None
    assert int(user[1]) == pod["securityContext"]["runAsUser"]


def test_what_selects_and_what_is_selected_agree():
    kinds = _kinds()
    labels = kinds["Deployment", "fleet"]["spec"]["template"]["metadata"]["labels"]
    assert kinds["Deployment", "fleet"]["spec"]["selector"]["matchLabels"] == labels
    assert kinds["Service", "fleet"]["spec"]["selector"] == labels
    assert kinds["PodDisruptionBudget", "fleet"]["spec"]["selector"]["matchLabels"] == labels
    assert {one["metadata"].get("namespace", "weighbridge") for one in kinds.values()} == {"weighbridge"}


def test_the_image_starts_the_server():
    text = _text("fleet.Containerfile")
    assert 'ENTRYPOINT ["/opt/weighbridge/bin/wb", "serve"]' in text
    assert "[server]" in text


def test_the_alerts_ask_for_numbers_that_the_server_has():
    page = (ROOT / "docs/howto/operate-a-fleet-server.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/weighbridge/fleet").glob("*.py"))
    named = set(re.findall(r"weighbridge_[a-z_]+", page))
    assert len(named) > 5
    assert sorted(one for one in named if f'"{one.removesuffix("_bucket")}"' not in sources) == []
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    rules = yaml.safe_load(block)["groups"][0]["rules"]
    assert {tuple(rule) for rule in rules} <= {("alert", "expr", "for"), ("alert", "expr")}

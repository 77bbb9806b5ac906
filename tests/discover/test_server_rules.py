import tomllib

from tests.house.files import SOURCE

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_rules import library_grade, server_rules

RULES = tomllib.loads((SOURCE / "discover/server_rules.toml").read_text(encoding="utf-8"))


def test_the_limits_are_those_of_the_research():
    rules = server_rules()
    assert (rules.seconds, rules.body_bytes) == (1.0, 65536)
    assert {"/health_generate", "/inference", "/load", "/api/pull", "/api/create", "/api/delete"} <= rules.never_call


def test_lists_are_sorted():
    for key in ("programs", "accounts"):
        listed = RULES["left_alone"][key]
        assert listed == sorted(set(listed), key=str.lower)
    assert RULES["forwarders"]["programs"] == sorted(RULES["forwarders"]["programs"])
    assert RULES["left_alone"]["ports"] == sorted(set(RULES["left_alone"]["ports"]))
    assert RULES["never_call"] == sorted(set(RULES["never_call"]))


def test_ports_of_products_that_collide_are_those_of_the_catalog():
    for port, names in RULES["collisions"].items():
        for name in names:
            if name in runtimes():
                known = runtimes()[name].ports
                assert int(port) in known or (port, name) in {("11434", "lemonade")}, f"{name} on {port}"


def test_no_product_of_the_catalog_is_left_alone():
    rules = server_rules()
    programs = {name.lower() for one in runtimes().values() for name in (*one.programs, *one.ambiguous)}
    assert programs & rules.left_alone_programs == set()
    assert {port for one in runtimes().values() for port in one.ports} & rules.left_alone_ports == set()


def test_libraries_by_what_they_are_worth():
    assert library_grade("/usr/lib/libllama.so.1") == "strong"
    assert library_grade("/venv/lib/python3.12/site-packages/vllm/_C.abi3.so") == "strong"
    assert library_grade("/venv/lib/libtorch_cpu.so") == "medium"
    assert library_grade("/usr/lib/libvulkan.so.1") == "weak"
    assert library_grade("C:\\Windows\\System32\\DirectML.dll") == "medium"
    assert library_grade("/usr/lib/libc.so.6") is None
    assert library_grade("/opt/other/_C.abi3.so") is None
    assert library_grade("/usr/lib/libXcursor.so.1") is None

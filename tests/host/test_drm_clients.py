import pytest

from weighbridge.host.drm_clients import DrmClient, EngineTime, parse_fdinfo

AMD = b"""pos:\t0
flags:\t02100002
drm-driver:\tamdgpu
drm-client-id:\t52
drm-pdev:\t0000:03:00.0
drm-memory-vram:\t4096 KiB
drm-memory-gtt:\t1024 KiB
drm-memory-cpu:\t64 KiB
drm-engine-gfx:\t10 ns
drm-engine-compute:\t5000000000 ns
"""
I915 = b"""drm-driver: i915
drm-pdev: 0000:00:02.0
drm-client-id: 7
drm-engine-render: 9288864723 ns
drm-engine-capacity-render: 1
drm-engine-video: 6 ns
drm-engine-capacity-video: 2
drm-total-system0: 10 MiB
drm-resident-system0: 2 MiB
"""
XE = b"""drm-driver:\txe
drm-client-id:\t3
drm-pdev:\t0000:00:02.0
drm-cycles-rcs:\t28257900
drm-total-cycles-rcs:\t7655183225
drm-cycles-ccs:\t1
drm-resident-vram0:\t7 KiB
drm-total-vram0:\t9 KiB
"""


@pytest.mark.parametrize(
    ("text", "client"),
    [
        (
            AMD,
            DrmClient(
                "amdgpu",
                "0000:03:00.0",
                "52",
                (EngineTime("compute", 5_000_000_000, None, 1), EngineTime("gfx", 10, None, 1)),
                5 << 20,
            ),
        ),
        (
            I915,
            DrmClient(
                "i915",
                "0000:00:02.0",
                "7",
                (EngineTime("render", 9_288_864_723, None, 1), EngineTime("video", 6, None, 2)),
                2 << 20,
            ),
        ),
        (XE, DrmClient("xe", "0000:00:02.0", "3", (EngineTime("rcs", 28_257_900, 7_655_183_225, 1),), 7 << 10)),
    ],
)
def test_what_drivers_write(text: bytes, client: DrmClient) -> None:
    assert parse_fdinfo(text) == client


@pytest.mark.parametrize(
    "text", [b"", b"pos:\t0\nflags:\t02\n", b"drm-driver:\tamdgpu\n", b"drm-client-id: 5\n\xff\xfe"]
)
def test_other_descriptors_are_none(text: bytes) -> None:
    assert parse_fdinfo(text) is None


def test_nonsense_amounts_are_passed_over() -> None:
    text = b"drm-driver: x\ndrm-client-id: 1\ndrm-engine-a: lots\ndrm-engine-b: 1 parsec\ndrm-engine-c: -1 ns\n"
    assert parse_fdinfo(text) == DrmClient("x", "", "1", (), None)

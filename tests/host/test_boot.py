from weighbridge.host.boot import boot_id, seconds_of_boot


def test_a_run_has_one_id_and_its_clock_goes_on() -> None:
    assert boot_id() == boot_id()
    assert 10 < len(boot_id()) < 64
    assert 0 < seconds_of_boot() <= seconds_of_boot()

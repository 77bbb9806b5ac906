from tests.ledger.logs import numbered, opened, reader

from weighbridge.host.fake_disk import FakeDisk, PowerLoss


def test_pruning_that_was_cut_short_is_finished_when_the_log_is_opened() -> None:
    cut = 0
    for step in range(1, 30):
        disk = FakeDisk()
        log = opened(disk)
        log.append(numbered(0, 1100))
        log.checkpoint()
        disk.stop_at = disk.steps + step
        try:
            log.prune(1000)
        except PowerLoss:
            cut += 1
        disk.kill()
        again = opened(disk)
        bundles = [name for name in disk.files() if name.startswith("tile/entries/")]
        if reader(disk).minimum():
            assert (reader(disk).minimum(), len(bundles)) == (768, 2)
        else:
            assert len(bundles) == 5
        assert again.entries(768, 1100) == numbered(768, 1100)
        again.close()
    assert 5 < cut < 29


def test_nothing_is_pruned_beyond_the_last_checkpoint() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append(numbered(0, 300))
    assert log.prune(300) == 0
    log.checkpoint()
    assert log.prune(10**6) == 256

from weighbridge.pipeline.watch_when import Looks, Rhythm, constant, survey_budget


def asked(looks: Looks, begin: float, end: float, slowness: int = 1) -> list[float]:
    """Return when looks were done, asked ten times a second."""
    found = []
    for tenth in range(round(begin * 10), round(end * 10)):
        if looks.is_due(tenth / 10, slowness):
            looks.done(tenth / 10)
            found.append(tenth / 10)
    return found


def test_the_first_look_is_at_once_and_then_none_is_wanted() -> None:
    looks = Looks(0)
    assert asked(looks, 0, 60) == [0.0]
    assert looks.due() is None


def test_an_urgent_look_waits_a_moment_for_more_and_no_longer() -> None:
    looks = Looks(0)
    asked(looks, 0, 10)
    looks.urgent(10)
    looks.urgent(10.1)
    assert asked(looks, 10, 20) == [10.2]


def test_an_uncertain_look_becomes_urgent_when_weights_are_seen() -> None:
    looks = Looks(0)
    asked(looks, 0, 10)
    looks.uncertain(10)
    looks.urgent(10.1)
    assert asked(looks, 10, 20) == [10.3]


def test_uncertain_looks_are_earned_and_urgent_ones_are_not() -> None:
    looks = Looks(0)
    asked(looks, 0, 1)
    done = []
    for second in range(10, 3610, 5):
        looks.uncertain(second)
        done += asked(looks, second, second + 5)
    assert 60 <= len(done) <= 85
    looks.urgent(3610)
    assert asked(looks, 3610, 3620) == [3610.2]


def test_slowness_makes_uncertain_looks_rarer() -> None:
    looks = Looks(0)
    done = []
    for second in range(10, 3610, 5):
        looks.uncertain(second)
        done += asked(looks, second, second + 5, slowness=8)
    assert len(done) < 35


def test_a_look_that_failed_is_tried_again_later() -> None:
    looks = Looks(0)
    asked(looks, 0, 1)
    looks.failed(1)
    assert asked(looks, 1, 30) == [11.0]
    looks.again(30)
    assert asked(looks, 30, 60) == [35.0]


def test_rhythm_slows_down_except_for_what_is_rare_anyway() -> None:
    rhythm = Rhythm()
    assert rhythm.pause("sweep", 1, announced=True) == rhythm.sweep
    assert rhythm.pause("sweep", 2, announced=False) == 2 * rhythm.sweep_alone
    assert rhythm.pause("sweep", 8, announced=False) == rhythm.pause("sweep", 8, announced=True) < 5
    assert rhythm.pause("listeners", 8, announced=True) == 8 * rhythm.listeners
    assert rhythm.pause("audit", 8, announced=True) == rhythm.audit
    assert all(getattr(rhythm, name) > 0 for name in rhythm.first)


def test_how_many_processes_it_is_changes_and_says_nothing() -> None:
    assert constant("mapped files of 1,234 processes: needs root") == constant("mapped files of 1 process: needs root")


def test_looks_that_were_dear_make_the_next_wait_however_urgent_it_is() -> None:
    looks = Looks(0)
    asked(looks, 0, 1)
    looks.spent(2, 1)
    looks.urgent(1)
    assert asked(looks, 1, 2) == [1.2]
    looks.spent(1.4, 2)
    looks.urgent(2)
    assert 90 <= asked(looks, 2, 200)[0] <= 110


def test_a_machine_that_gives_reasons_all_day_pays_no_more_than_its_share() -> None:
    looks, spent = Looks(0), 0.0
    for tenth in range(36_000):
        now = tenth / 10
        looks.urgent(now)
        if looks.is_due(now, 1):
            looks.done(now)
            looks.spent(0.08, now)
            spent += 0.08
    assert spent < 3 + 3600 * 0.005


def test_less_is_hashed_when_little_is_left_and_always_something() -> None:
    looks = Looks(0)
    assert looks.hashing(0) == 1
    looks.spent(2.5, 0)
    assert 0.4 < looks.hashing(0) < 0.6
    looks.spent(5, 0)
    assert 0 < looks.hashing(0) < 0.1


def test_scans_of_what_changes_all_the_time_have_a_budget_too() -> None:
    budget = survey_budget(0)
    assert budget.due() <= 0
    budget.spend(3, 0)
    assert budget.due() == 500
    budget.spend(60, 0)
    assert budget.due() == 900

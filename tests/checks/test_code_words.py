from weighbridge.checks.code_words import DYNAMIC, PROCESS, does


def test_words_cover_what_is_below_them():
    assert does("os.execvp", PROCESS)
    assert does("subprocess.run", PROCESS)
    assert does("eval", DYNAMIC)
    assert not does("evaluate", DYNAMIC)
    assert not does("os.path.join", PROCESS)
    assert not does("model.eval", DYNAMIC)


def test_a_variable_is_not_a_module():
    assert does("code.interact", DYNAMIC, frozenset({"code"}))
    assert not does("code.strip", DYNAMIC, frozenset())
    assert does("os.system", PROCESS, frozenset())

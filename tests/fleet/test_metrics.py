import re

from weighbridge.fleet.metrics import Metrics


def _server():
    metrics = Metrics()
    metrics.describe("requests_total", "counter", "Requests.\nAll of them \\ every one.")
    metrics.describe("request_seconds", "histogram", "How long.", bounds=(0.1, 1.0))
    metrics.describe("waiting", "gauge", "Writes that wait.")
    return metrics


def test_everything_is_told_in_the_text_format():
    metrics = _server()
    metrics.add("requests_total", method="GET", status="200")
    metrics.add("requests_total", method="GET", status="200")
    metrics.set("waiting", 1.5)
    for value in (0.05, 0.1, 0.5, 7.0):
        metrics.observe("request_seconds", value, route='/a"b\\\n')
    metrics.ask("up_seconds", "How long it runs.", lambda: 3.0)
    assert metrics.text() == (
        "# HELP request_seconds How long.\n"
        "# TYPE request_seconds histogram\n"
        'request_seconds_bucket{route="/a\\"b\\\\\\n",le="0.1"} 2\n'
        'request_seconds_bucket{route="/a\\"b\\\\\\n",le="1"} 3\n'
        'request_seconds_bucket{route="/a\\"b\\\\\\n",le="+Inf"} 4\n'
        'request_seconds_sum{route="/a\\"b\\\\\\n"} 7.65\n'
        'request_seconds_count{route="/a\\"b\\\\\\n"} 4\n'
        "# HELP requests_total Requests.\\nAll of them \\\\ every one.\n"
        "# TYPE requests_total counter\n"
        'requests_total{method="GET",status="200"} 2\n'
        "# HELP up_seconds How long it runs.\n"
        "# TYPE up_seconds gauge\n"
        "up_seconds 3\n"
        "# HELP waiting Writes that wait.\n"
        "# TYPE waiting gauge\n"
        "waiting 1.5\n"
    )


def test_every_line_has_the_shape_that_is_scraped():
    metrics = _server()
    metrics.add("requests_total", method="GET")
    metrics.observe("request_seconds", 1e-9)
    for line in metrics.text().splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [0-9.e+-]+", line), line


def test_a_number_that_nobody_counted_is_none():
    metrics = _server()
    assert metrics.value("requests_total", method="GET") == 0.0
    metrics.observe("request_seconds", 0.5)
    metrics.observe("request_seconds", 0.25)
    assert metrics.value("request_seconds") == 0.75


def test_labels_cannot_make_it_grow_without_end():
    metrics = _server()
    for number in range(5_000):
        metrics.add("requests_total", method=str(number))
        metrics.observe("request_seconds", 0.1, method=str(number))
    assert metrics.text().count("requests_total{") == 2_000
    assert metrics.text().count("request_seconds_count{") == 2_000

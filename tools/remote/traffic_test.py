"""A cache's log is counted while it grows."""

import os

from tools.remote.traffic import Count, Traffic, counted


def test_lines_are_counted() -> None:
    count = Count()
    lines = ["GET 200 10 100", "GET 404 10 5", "PUT 201 50 7", "PUT 204 50 7", "PUT 403 9 1"]
    for line in [*lines, "GET 206 1 1", "HEAD 200 1 1", "GET 500 1 1", "nonsense", "GET x 1 1", ""]:
        count = counted(count, line)
    assert count.requests == {
        "hits": 2,
        "misses": 1,
        "stored": 2,
        "refused": 1,
        "HEAD 200": 1,
        "GET 500": 1,
    }
    assert (count.received, count.sent) == (132, 123)
    assert count.text().endswith("0.0 MB in, 0.0 MB out")
    assert Count().text() == "no requests; 0.0 MB in, 0.0 MB out"


def test_a_number_of_requests_is_waited_for() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as log, os.fdopen(writing, "w") as grows:
        traffic = Traffic(log)
        assert not traffic.wait_for("hits", 1, 0.0)
        grows.write("GET 200 1 1\nGET 200 1 1\n")
        grows.flush()
        assert traffic.wait_for("hits", 2, 60.0)
        grows.close()
        traffic.join(60.0)
        assert traffic.count.received == 2

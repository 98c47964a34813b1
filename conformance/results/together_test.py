"""What failed together: the case, the server, the client, the pair, and what they are confined to."""

import pytest

from conformance.results.fakes.sample import sample
from conformance.results.together import together


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ([], []),
        (
            [{"case": "get_put"}],
            [
                "1 case fails in every pair: get_put. Look at the case, or at what all "
                "implementations share."
            ],
        ),
        (
            [{"case": "health"}],
            [
                "1 case fails in every pair: health. Look at the case, or at what all "
                "implementations share."
            ],
        ),
        (
            [{"server": "go", "suite": "unary"}],
            ["The go server fails 2 cases with every client: get_put and get_missing."],
        ),
        (
            [{"client": "ruby", "security": "mtls"}],
            [
                "The ruby client fails 3 cases with every server: get_put, get_missing and "
                "trade_fills. Only under mtls."
            ],
        ),
        (
            [{"client": "go", "server": "ruby", "case": "get_put"}],
            ["The go client with the ruby server fails 1 case: get_put."],
        ),
        (
            [{"client": c, "server": "go", "case": "get_put"} for c in ("python", "ruby")],
            [
                "The go server fails 1 case with every client whose HTTP/2 transport is grpc-core "
                "(python and ruby): get_put."
            ],
        ),
        (
            [{"client": "runner", "server": "go"}],
            ["The go server fails 1 case with the runner's own client: health."],
        ),
        ([{"client": "go", "outcome": "known_failing"}], []),
    ],
)
def test_failures_are_told_together(failures: list[dict[str, str]], told: list[str]) -> None:
    assert [finding.sentence for finding in together(sample(*failures))] == told


def test_most_failures_come_first_and_each_is_told_once() -> None:
    results = sample(
        {"client": "go", "server": "ruby", "case": "get_put", "security": "tls"},
        {"server": "go", "case": "get_missing"},
        {"server": "go", "client": "ruby", "outcome": "not_run"},
    )
    found = together(results)
    assert [(f.kind, f.failures) for f in found] == [("server", 9), ("pair", 1)]
    assert found[0].clients == ("go", "python", "ruby")
    assert (found[1].servers, found[1].cases) == (("ruby",), ("get_put",))


def test_key_types_are_told_where_the_security_does_not_say_it() -> None:
    permutations = [
        p._replace(security="tls", key_type=key_type, outcome=outcome)
        for p in sample({"client": "go", "server": "ruby"}).permutations
        if p.security == "tls" and (p.client, p.server) == ("go", "ruby")
        for key_type, outcome in (("p256", "passed"), ("p521", "failed"))
    ]
    (found,) = together(sample()._replace(permutations=tuple(permutations)))
    assert found.sentence.endswith(": get_put, get_missing and trade_fills. Only with p521.")

"""Reports: when a run passes, and that results.json is what its schema says."""

import json
from pathlib import Path

import jsonschema
import pytest

from conformance.runner import report as report_module
from conformance.runner.engine import Run
from conformance.runner.fakes.sample import permutation, report
from conformance.runner.outcome import BAD, Outcome, Result
from conformance.runner.plan import Plan
from conformance.runner.report import make_report, reproduce, to_json
from conformance.runner.timeline import Timeline

SCHEMA = Path(report_module.__file__).with_name("results.schema.json")


def test_what_passes() -> None:
    fine = report(Outcome.PASSED, Outcome.KNOWN_FAILING, Outcome.UNSUPPORTED)
    assert fine.complaints() == []
    assert fine.executed == fine.floor == 3
    assert fine._replace(missing={"rust": "no cargo"}).complaints() == []


@pytest.mark.parametrize("outcome", sorted(BAD))
def test_bad_outcomes_fail(outcome: Outcome) -> None:
    assert report(Outcome.PASSED, outcome, outcome).complaints() == [f"2 {outcome}"]


def test_what_else_fails() -> None:
    passed = report(Outcome.PASSED)
    assert report().complaints() == ["nothing was executed"]
    assert passed._replace(floor=2).complaints() == ["only 1 permutations executed of 2 planned"]
    assert passed._replace(problems=("stale entry",)).complaints() == ["stale entry"]
    required = passed._replace(missing={"rust": "no cargo"}, require_all=True)
    assert required.complaints() == ["rust was required: no cargo"]
    not_run = report(Outcome.NOT_RUN)._replace(floor=0)
    assert not_run.complaints() == ["nothing was executed"]


def test_what_was_brought_along_must_have_run() -> None:
    brought = report(Outcome.PASSED, Outcome.NOT_RUN)._replace(
        brought=(("go", "client"), ("python", "server"), ("rust", "server"))
    )
    absent = "nothing was executed with the rust server, which was brought along"
    assert absent in brought.complaints()
    assert len([c for c in brought.complaints() if "brought along" in c]) == 1
    idle = report(Outcome.NOT_RUN)._replace(brought=(("go", "client"),), floor=0)
    told = "nothing was executed with the go client, which was brought along"
    assert idle.complaints() == ["nothing was executed", told]
    assert idle.not_asked() == {idle.results[0].reason: 1}


def test_the_floor_is_what_could_be_asked() -> None:
    planned = tuple(permutation(case) for case in ("a", "b"))
    results = (Result(planned[0], Outcome.PASSED), Result(planned[1], Outcome.NOT_RUN, "why"))
    plan = Plan("standard", planned, {}, arguments=("--implementation=a b,",))
    for inexpressible, complaints in ((1, 0), (0, 1)):
        ran = Run(results, (), (), Timeline(), inexpressible)
        made = make_report(plan, ran, report().started, [], False)
        assert len(made.complaints()) == complaints
    command = reproduce(made, planned[0])
    assert command.endswith("/case=a '--test_arg=--implementation=a b,'")


def test_results_stand_in_the_order_of_the_plan() -> None:
    planned = tuple(permutation(case) for case in ("a", "b", "c"))
    results = tuple(Result(planned[i], Outcome.PASSED) for i in (2, 0, 1))
    plan = Plan("standard", planned, {})
    made = make_report(plan, Run(results, (), (), Timeline()), report().started, ["stale"], False)
    assert [result.permutation.case.name for result in made.results] == ["a", "b", "c"]
    assert made.problems == ("stale",)


def test_json_is_what_the_schema_says() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    written = json.loads(json.dumps(to_json(report(*Outcome))))
    jsonschema.validate(written, schema)
    assert written["counts"] == {outcome.value: 1 for outcome in Outcome}
    assert written["executed"] == len(Outcome) - 1
    del written["permutations"][0]["reproduce"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, schema)


def test_the_command_to_reproduce() -> None:
    one, made = permutation("get"), report()
    assert reproduce(made, one) == (
        "./bazelw test //conformance:matrix --test_filter="
        "client=go/server=python/security=plaintext/key_type=none/case=get"
    )
    assert reproduce(made._replace(profile="full"), one).startswith(
        "./bazelw test //conformance:full --test_filter="
    )
    assert reproduce(made._replace(seed=7), one).endswith("/case=get --test_arg=--seed=7")


def test_json_tells_of_a_second_client() -> None:
    made = report(Outcome.PASSED, Outcome.PASSED)
    one = made.results[0]
    seconded = one._replace(permutation=one.permutation._replace(second="rust"))
    alone, together = to_json(made._replace(results=(made.results[1], seconded)))["permutations"]
    assert together["second_client"] == "rust"
    assert "second_client" not in alone


def test_the_schema_describes_every_field() -> None:
    def undescribed(node: object, at: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        found = (
            [at] if {"type", "enum", "const"} & node.keys() and "description" not in node else []
        )
        for group in ("properties", "$defs"):
            for name, child in node.get(group, {}).items():
                found += undescribed(child, f"{at}/{name}")
        for name in ("items", "additionalProperties"):
            found += undescribed(node.get(name), f"{at}/{name}")
        return found

    assert undescribed(json.loads(SCHEMA.read_text("utf-8")), "") == []

"""Simulations of builds that can be reckoned by hand."""

from tools.remote.graph import Action
from tools.remote.schedule import Costs, critical_path, simulate

FREE = Costs(each=0.0)


def action(seconds: float, *after: int, **inputs: int) -> Action:
    return Action("", "", seconds, inputs, {}, frozenset(after))


# 3 and then 4, beside 5.
BUILD = [action(3), action(5), action(4, 0)]


def test_one_worker_does_all_after_one_another() -> None:
    came = simulate(BUILD, 1, FREE)
    assert (came.wall, came.busy) == (12, 12)


def test_two_begin_with_the_longest_way() -> None:
    came = simulate(BUILD, 2, FREE)
    assert (came.wall, came.busy, list(came.chain)) == (7, 12, [0, 2])


def test_more_workers_do_not_shorten_the_longest_way() -> None:
    assert critical_path(BUILD, FREE) == [0, 2]
    assert simulate(BUILD, 100, FREE).wall == 7


def test_each_action_costs_something_besides() -> None:
    assert simulate(BUILD, 1, Costs(each=2.0)).wall == 18


def test_what_a_worker_has_it_does_not_fetch_again() -> None:
    build = [action(1, a=100), action(1, a=100)]
    assert simulate(build, 1, FREE).fetched == 100
    assert simulate(build, 2, FREE).fetched == 200
    assert simulate(build, 1, Costs(each=0.0, bandwidth=100)).wall == 3


def test_nothing_takes_no_time() -> None:
    came = simulate([], 3, FREE)
    assert (came.wall, came.busy, list(came.chain)) == (0, 0, [])
    assert critical_path([], FREE) == []

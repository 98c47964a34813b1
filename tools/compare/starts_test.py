"""Tests of what is read from launchers and processes."""

import os

import pytest

from tools.compare.starts import Launcher, StartsError, cpu_seconds, launcher, resident_mib

_LAUNCHER = """\
#!/bin/sh
set -- stock.Main "$@"
run() {
    exec $modestly '/opt/jdk/bin/java' -Xlog:disable "$@"
}
rehearsal=stock.Rehearsal
"""


def test_a_launcher_tells_what_it_runs() -> None:
    assert launcher(_LAUNCHER) == Launcher("/opt/jdk/bin/java", "stock.Main", "stock.Rehearsal")


def test_a_launcher_without_a_rehearsal_is_refused() -> None:
    with pytest.raises(StartsError, match="with a rehearsal"):
        launcher(_LAUNCHER.replace("rehearsal=stock.Rehearsal", "rehearsal="))


def test_the_name_of_a_program_may_have_anything() -> None:
    stat = "7 (a) b (c) S 1 7 7 0 -1 0 1 2 3 4 150 50 9 9 20 0 1 0 100"
    assert cpu_seconds(stat) == 200 / os.sysconf("SC_CLK_TCK")


def test_the_most_memory_is_found() -> None:
    assert resident_mib("Name:\tjava\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n") == 2
    with pytest.raises(StartsError, match="VmHWM"):
        resident_mib("Name:\tjava\n")

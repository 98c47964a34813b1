"""Jobs as they are written down."""

from tools.remote.jobs import Job, parse, written

JOB = Job("//go:x", "GoCompile", "one", 1, 2.5)


def test_what_is_written_is_read() -> None:
    other = JOB._replace(worker="other", tries=2)
    assert parse(written([JOB, other])) == [JOB, other]
    assert parse("") == []

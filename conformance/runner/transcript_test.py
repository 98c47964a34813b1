"""Transcripts: in order, one line a thing, the directive read, long things cut."""

from conformance.runner.transcript import transcript
from proto import session_pb2, stock_pb2


def test_a_transcript_reads_in_order() -> None:
    start = session_pb2.Start(call=1, channel=2)
    start.requests.add().get.key = "k"
    directive = session_pb2.Directive(store="p1").SerializeToString()
    start.metadata.entries.add(name="stock-directive-bin", value=directive)
    start.metadata.entries.add(name="a", value=b"b")
    events = session_pb2.Events(call=1, at_ns=2_500_000, headers=session_pb2.Metadata())
    events.responses.add().get.value = b"v"
    events.status.code = 0
    lines = transcript(
        "GET",
        [
            session_pb2.Command(id=1, start=start),
            session_pb2.Command(id=2, cancel=session_pb2.Cancel(call=1)),
            events,
        ],
    ).splitlines()
    assert lines == [
        "GET",
        '  --> start call: 1 channel: 2 metadata { entries { name: "a" value: "b" } } '
        'requests { get { key: "k" } }',
        '      directive store: "p1"',
        "  --> cancel call: 1",
        "  <-- 2.500 ms headers ",
        '  <-- 2.500 ms response get { value: "v" }',
        "  <-- 2.500 ms status ",
    ]


def test_an_undecodable_directive_is_shown_as_bytes() -> None:
    start = session_pb2.Start()
    start.metadata.entries.add(name="stock-directive-bin", value=b"\xff")
    assert "directive b'\\xff'" in transcript("GET", [session_pb2.Command(start=start)])


def test_long_things_are_cut() -> None:
    long = session_pb2.Events(
        responses=[session_pb2.Response(get=stock_pb2.GetResponse(value=b"v" * 10_000))]
    )
    (line,) = transcript("GET", [long]).splitlines()[1:]
    assert len(line) < 500
    assert line.endswith("characters)")
    many = transcript("GET", [long] * 1000).splitlines()
    assert len(many) == 201
    assert many[100] == "  ... 801 lines ..."

//! The command line of both programs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use stock::options::{
    Asked, Client, Mode, Operation, Server, UsageError, client_usage, parse_client, parse_item,
    parse_order, parse_server, server_usage,
};
use stock::store::OrderKind;

fn words(line: &str) -> Vec<OsString> {
    line.split(' ')
        .filter(|word| !word.is_empty())
        .map(OsString::from)
        .collect()
}

fn server(line: &str) -> Server {
    match parse_server(words(line)) {
        Ok(Asked::Run(server)) => server,
        other => panic!("{line:?}: {other:?}"),
    }
}

fn client(line: &str) -> Client {
    match parse_client(words(line)) {
        Ok(Asked::Run(Some(client))) => client,
        other => panic!("{line:?}: {other:?}"),
    }
}

#[test]
fn a_server_has_defaults() {
    let expected = Server {
        host: "127.0.0.1".to_owned(),
        port: 50051,
        mode: Mode::Plaintext,
        grace: Duration::from_secs(3),
        max_receive_bytes: 4_194_304,
        conformance: false,
    };
    assert_eq!(server(""), expected);
}

#[test]
fn a_server_takes_flags_in_any_form_and_the_last_wins() {
    let given = server(
        "--port 1 --port=0 --host=::1 --grace-seconds 0.25 --max-receive-bytes=9 --conformance",
    );
    assert_eq!(
        (given.port, given.host.as_str(), given.conformance),
        (0, "::1", true)
    );
    assert_eq!(
        (given.grace, given.max_receive_bytes),
        (Duration::from_millis(250), 9)
    );
    assert_eq!(server("--grace-seconds 0").grace, Duration::ZERO);
}

#[test]
fn seconds_are_digits_with_a_fraction() {
    for given in ["", ".", "1.", ".5", "+1", "1e3", "inf", "1,5", "1234567890"] {
        let line = format!("--grace-seconds={given}");
        let reason = format!("--grace-seconds: \"{given}\" given, seconds like 5 or 0.25 expected");
        assert_eq!(parse_server(words(&line)), Err(UsageError(reason)));
    }
    let least = server("--grace-seconds 0.0000000001").grace;
    assert_eq!(least, Duration::from_nanos(1), "not nothing");
}

#[test]
fn modes_have_upstreams_names_too() {
    let tls = |client_ca_file: Option<&str>| Mode::Tls {
        cert_file: "c".into(),
        key_file: "k".into(),
        client_ca_file: client_ca_file.map(Into::into),
    };
    for (line, mode) in [
        ("--tls-mode disabled", Mode::Plaintext),
        ("--tls-mode tls --cert-file c --key-file k", tls(None)),
        ("--tls-mode server --cert-file c --key-file k", tls(None)),
        (
            "--tls-mode manual --cert-file c --key-file k --client-ca-file r",
            tls(Some("r")),
        ),
        (
            "--tls-mode mtls --cert-file c --key-file k --client-ca-file r --host 0.0.0.0",
            tls(Some("r")),
        ),
    ] {
        assert_eq!(server(line).mode, mode, "{line}");
    }
}

#[test]
fn what_breaks_a_servers_grammar_is_named() {
    for (line, reason) in [
        ("--prt 1", "unknown flag: --prt"),
        ("--por 1", "unknown flag: --por"),
        ("--port", "--port needs a value"),
        (
            "--port=",
            "--port: \"\" given, a number from 0 to 65535 expected",
        ),
        (
            "--port +1",
            "--port: \"+1\" given, a number from 0 to 65535 expected",
        ),
        (
            "--port 65536",
            "--port: \"65536\" given, a number from 0 to 65535 expected",
        ),
        (
            "--max-receive-bytes 0",
            "--max-receive-bytes: \"0\" given, a number from 1 to 2147483647 expected",
        ),
        ("--conformance=yes", "--conformance takes no value"),
        (
            "--host=",
            "--host: \"\" given, text that is not empty expected",
        ),
        ("-5", "stray argument: -5"),
        ("-- --port", "stray argument: --port"),
        (
            "--tls-mode ssl",
            "--tls-mode: \"ssl\" given, none, tls or mtls expected",
        ),
        (
            "--cert-file c",
            "--cert-file does not go with --tls-mode none",
        ),
        (
            "--tls-mode tls --cert-file c",
            "--tls-mode tls needs --key-file",
        ),
        (
            "--tls-mode tls --cert-file c --key-file k --client-ca-file r",
            "--client-ca-file does not go with --tls-mode tls",
        ),
        (
            "--tls-mode mtls --cert-file c --key-file k",
            "--tls-mode mtls needs --client-ca-file",
        ),
        (
            "--host 0.0.0.0",
            "--host 0.0.0.0 without TLS needs --allow-plaintext-network",
        ),
        ("--session --port 1", "--session goes without --port"),
    ] {
        assert_eq!(
            parse_server(words(line)),
            Err(UsageError(reason.to_owned())),
            "{line}"
        );
    }
}

#[test]
fn loopback_needs_no_permission() {
    for host in ["127.9.9.9", "::1", "localhost"] {
        assert_eq!(server(&format!("--host {host}")).host, host);
    }
    assert_eq!(
        server("--host 0.0.0.0 --allow-plaintext-network").host,
        "0.0.0.0"
    );
}

#[test]
fn sessions_help_and_version_are_asked_for() {
    let Ok(Asked::Session(session)) =
        parse_server(words("--session --conformance --grace-seconds 1"))
    else {
        panic!("no session");
    };
    assert_eq!(session.grace, Duration::from_secs(1));
    assert_eq!(parse_server(words("--help --version")), Ok(Asked::Help));
    assert_eq!(parse_server(words("--version stray")), Ok(Asked::Version));
    assert_eq!(parse_client(words("--session")), Ok(Asked::Session(None)));
    assert_eq!(parse_client(words("get --help")), Ok(Asked::Help));
    assert!(
        server_usage().contains("  --port N") && client_usage().contains("  kv-put KEY VALUE|-\n")
    );
}

#[test]
fn a_client_has_defaults() {
    let expected = Client {
        operation: Operation::Get,
        arguments: words("k"),
        host: "127.0.0.1".to_owned(),
        port: 50051,
        tls: false,
        ca_file: None,
        identity: None,
        server_name: String::new(),
        timeout: Some(Duration::from_secs(5)),
        max_receive_bytes: 4_194_304,
        count: 0,
    };
    assert_eq!(client("get k"), expected);
}

#[test]
fn only_two_dashes_begin_a_flag() {
    assert_eq!(client("put -5 -").arguments, words("-5 -"));
    assert_eq!(
        client("--timeout-seconds 0 put k -- --v").arguments,
        words("k --v")
    );
    assert_eq!(
        client("put --server h:1 k --timeout-seconds=0.5 v").arguments,
        words("k v")
    );
    assert_eq!(client("put k v --timeout-seconds 0").timeout, None);
}

#[test]
fn a_client_finds_its_server() {
    for (given, host, port) in [("h-1.x:9", "h-1.x", 9), ("[::1]:50051", "::1", 50051)] {
        let client = client(&format!("inventory --server {given}"));
        assert_eq!((client.host.as_str(), client.port), (host, port));
    }
    for given in [
        "h", "h:", ":1", "h:0", "h:65536", "h:+1", "::1:5", "[h]:1", "a b:1",
    ] {
        let line = [words("inventory"), vec![format!("--server={given}").into()]].concat();
        let expected = format!("--server: \"{given}\" given, HOST:PORT expected");
        assert_eq!(parse_client(line), Err(UsageError(expected)));
    }
}

#[test]
fn what_breaks_a_clients_grammar_is_named() {
    for (line, reason) in [
        ("", "an operation is needed"),
        ("got k", "unknown operation: got"),
        ("get", "get needs KEY"),
        ("get k v", "stray argument: v"),
        ("inventory x", "stray argument: x"),
        (
            "trade",
            "trade needs buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...",
        ),
        ("get k --count 1", "--count goes with monitor only"),
        ("get k --ca-file f", "--ca-file needs --tls"),
        ("get k --server-name n", "--server-name needs --tls"),
        ("get k --tls --cert-file c", "--cert-file needs --key-file"),
        ("get k --tls --key-file c", "--key-file needs --cert-file"),
        ("--session get", "--session goes without an operation: get"),
        ("--session --tls", "--session goes without --tls"),
    ] {
        assert_eq!(
            parse_client(words(line)),
            Err(UsageError(reason.to_owned())),
            "{line}"
        );
    }
}

#[test]
fn arguments_are_bytes_and_keys_are_utf8() {
    let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let refused = parse_client([bytes(b"get"), bytes(b"\xff")]);
    assert_eq!(
        refused,
        Err(UsageError(
            "get: \"\u{FFFD}\" given, UTF-8 expected".to_owned()
        ))
    );
    let value = parse_client([bytes(b"put"), bytes(b"k"), bytes(b"\xff")]);
    assert!(matches!(value, Ok(Asked::Run(Some(client))) if client.arguments[1] == bytes(b"\xff")));
}

#[test]
fn items_and_orders_are_taken_apart() {
    assert_eq!(
        parse_item(b"k=a=b\xff"),
        Ok(("k".to_owned(), b"a=b\xff".to_vec()))
    );
    assert!(parse_item(b"k").is_err() && parse_item(b"\xff=v").is_err());
    for (argument, kind, symbol, quantity) in [
        ("buy:a:b:5", OrderKind::Buy, "a:b", 5),
        ("sell::-1", OrderKind::Sell, "", -1),
        ("query:a:5", OrderKind::Query, "a:5", 0),
    ] {
        let order = parse_order(argument.as_ref()).unwrap();
        assert_eq!(
            (order.kind, order.symbol.as_str(), order.quantity),
            (kind, symbol, quantity)
        );
    }
    for argument in [
        "buy",
        "buy:a",
        "hold:a:1",
        "buy:a:+1",
        "buy:a:2147483648",
        "buy:a:",
    ] {
        assert!(parse_order(argument.as_ref()).is_err(), "{argument}");
    }
}

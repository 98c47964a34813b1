//! The command line of `stock_server`.

use std::time::Duration;

use stock::options::{Asked, Mode, Server, UsageError, parse_server, server_usage};

use crate::words;

fn server(line: &str) -> Server {
    match parse_server(words(line)) {
        Ok(Asked::Run(server)) => server,
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
            "--port x --port 1",
            "--port: \"x\" given, a number from 0 to 65535 expected",
        ),
        (
            "--port x --help",
            "--port: \"x\" given, a number from 0 to 65535 expected",
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
fn a_session_help_and_the_version_are_asked_for() {
    let Ok(Asked::Session(session)) =
        parse_server(words("--session --conformance --grace-seconds 1"))
    else {
        panic!("no session");
    };
    assert_eq!(session.grace, Duration::from_secs(1));
    assert_eq!(parse_server(words("--help --version")), Ok(Asked::Help));
    assert_eq!(parse_server(words("--version stray")), Ok(Asked::Version));
    assert!(server_usage().contains("  --port N"));
}

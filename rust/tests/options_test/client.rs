//! The command line of `stock_client`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use stock::options::{
    Asked, Client, Operation, UsageError, client_usage, parse_client, parse_item, parse_order,
};
use stock::store::OrderKind;

use crate::words;

fn client(line: &str) -> Client {
    match parse_client(words(line)) {
        Ok(Asked::Run(Some(client))) => client,
        other => panic!("{line:?}: {other:?}"),
    }
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
        (
            "get k --server h --server h:1",
            "--server: \"h\" given, HOST:PORT expected",
        ),
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
fn a_session_and_help_are_asked_for() {
    assert_eq!(parse_client(words("--session")), Ok(Asked::Session(None)));
    assert_eq!(parse_client(words("get --help")), Ok(Asked::Help));
    assert!(client_usage().contains("  kv-put KEY VALUE|-\n"));
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

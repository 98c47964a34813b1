//! The program `stock_client` against `stock_server`: what it prints, and how it ends.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use testcerts::{Authority, P256};

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::var("SERVER").unwrap());
        let command = command
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            address: line.trim_end().rsplit_once(' ').unwrap().1.to_owned(),
        }
    }

    fn client<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = client(arguments);
        command.args(["--server", &self.address]);
        command
    }

    /// Runs an operation; returns its exit code, and what it has said on both streams.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        said(
            &self
                .client(arguments)
                .stdin(Stdio::null())
                .output()
                .unwrap(),
        )
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
        let mut command = self.client(arguments);
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        said(&child.wait_with_output().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn client<A: AsRef<OsStr>>(arguments: &[A]) -> Command {
    let mut command = Command::new(std::env::var("CLIENT").unwrap());
    command.args(arguments);
    command
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn done(output: &str) -> (i32, String, String) {
    (0, output.to_owned(), String::new())
}

fn failed(code: i32, line: &str) -> (i32, String, String) {
    (code, String::new(), line.to_owned())
}

#[test]
fn keys_are_put_read_and_removed() {
    let server = Server::start(&[]);
    assert_eq!(server.run(&["put", "k", "-5"]), done("OK\n"));
    assert_eq!(server.run(&["kv-get", "k"]), done("-5\n"));
    assert_eq!(
        server.run_with(&["kv-put", "k", "-"], b"a\nb"),
        done("OK\n")
    );
    assert_eq!(server.run(&["get", "k"]), done("a\nb\n"));
    assert_eq!(server.run(&["delete", "k"]), done("OK\n"));
    assert_eq!(
        server.run(&["get", "k"]),
        failed(69, "NOT_FOUND: key not found: k\n")
    );
    let invalid = "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n";
    assert_eq!(server.run(&["get", ""]), failed(67, invalid));
}

#[test]
fn a_batch_comes_from_arguments_or_lines() {
    let server = Server::start(&[]);
    let summary = done("total=3 successful=2 failed=1 bytes=3\n");
    assert_eq!(server.run(&["batch", "a=1", "=x", "b=2="]), summary);
    assert_eq!(server.run_with(&["batch"], b"a=1\n\n  \n=x\nb=2="), summary);
    let (code, _, reason) = server.run(&["batch", "a"]);
    assert!(
        code == 2 && reason.starts_with("batch: \"a\" given, KEY=VALUE expected\nusage: "),
        "{reason}"
    );
}

#[test]
fn orders_are_filled_line_by_line() {
    let server = Server::start(&[]);
    let lines = [
        "ok\ta:\\t\t5\tbought\n",
        "rejected\ta:\\t\t0\tinsufficient position: have 5, want 6\n",
        "ok\ta:\\t\t5\tposition\n",
    ];
    assert_eq!(
        server.run(&["trade", "buy:a:\t:5", "sell:a:\t:6", "query:a:\t"]),
        done(&lines.concat())
    );
}

#[test]
fn events_are_printed_as_they_come() {
    let server = Server::start(&[]);
    let mut command = server.client(&["monitor", "k*", "--count", "2", "--timeout-seconds", "10"]);
    let monitor = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Until it has subscribed nothing shows, so changes go on until it has its two.
    let output = std::thread::spawn(move || monitor.wait_with_output().unwrap());
    let value = OsStr::from_bytes(b"\xff\t\\");
    while !output.is_finished() {
        assert!(
            server
                .client(&[OsStr::new("put"), OsStr::new("k"), value])
                .output()
                .unwrap()
                .status
                .success()
        );
        assert_eq!(server.run(&["delete", "k"]), done("OK\n"));
    }
    let (code, lines, _) = said(&output.join().unwrap());
    let lines: Vec<_> = lines
        .lines()
        .map(|line| line.split_once('\t').unwrap().1)
        .collect();
    assert_eq!(code, 0);
    for (n, line) in lines.iter().enumerate() {
        assert!(
            ["PUT\tk\t\\xFF\\t\\\\", "DELETE\tk"].contains(line),
            "line {n}: {line:?}"
        );
    }
    assert_eq!(lines.len(), 2);
}

#[test]
fn inventory_and_health_describe_the_server() {
    let server = Server::start(&[]);
    let (code, lines, _) = server.run(&["inventory"]);
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!((code, &lines[..2]), (0, &["items=0", "bytes=0"][..]));
    assert!(
        lines[4..].is_sorted() && lines.contains(&"metadata.language=rust"),
        "{lines:?}"
    );
    assert_eq!(server.run(&["health"]), done("SERVING\n"));
    assert_eq!(server.run(&["health", "proto.KV"]), done("SERVING\n"));
    assert_eq!(server.run(&["health", "absent"]).0, 69);
}

#[test]
fn a_call_has_a_deadline_and_a_server() {
    let server = Server::start(&[]);
    let (code, _, line) = server.run(&["monitor", "--timeout-seconds", "0.1"]);
    assert_eq!(
        (code, line.as_str()),
        (68, "DEADLINE_EXCEEDED: deadline exceeded\n")
    );
    let (code, _, line) = said(
        &client(&["get", "k", "--server", "127.0.0.1:1"])
            .output()
            .unwrap(),
    );
    assert!(
        code == 78 && line.starts_with("UNAVAILABLE: ") && line.lines().count() == 1,
        "{code} {line:?}"
    );
    let (code, _, reason) = server.run(&["got", "k"]);
    assert!(
        code == 2 && reason.starts_with("unknown operation: got\nusage: stock_client"),
        "{reason:?}"
    );
}

#[test]
fn an_interrupt_is_exit_130() {
    let mut child = client(&["put", "k", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a pipe holds: it is reading when this returns.
    child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(&[0; 1 << 20])
        .unwrap();
    assert!(
        Command::new("kill")
            .args(["-s", "INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn mutual_tls_needs_files() {
    let folder = PathBuf::from(std::env::var("TEST_TMPDIR").unwrap());
    let authority = Authority::new(P256);
    let identity = authority.identity(P256);
    let file = |name: &str, content: &[u8]| {
        std::fs::write(folder.join(name), content).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let roots = file("client-roots.pem", &authority.roots_pem);
    let (chain, key) = (
        file("client-chain.pem", &identity.chain_pem),
        file("client-key.pem", &identity.key_pem),
    );
    let own = ["--cert-file", &chain, "--key-file", &key];
    let server = Server::start(
        &[
            &["--tls-mode", "mtls", "--client-ca-file", &roots],
            &own[..],
        ]
        .concat(),
    );
    let call = [
        "health",
        "--tls",
        "--ca-file",
        &roots,
        "--server-name",
        "localhost",
    ];
    assert_eq!(server.run(&[&call, &own[..]].concat()), done("SERVING\n"));
    let wrong_name = [
        "health",
        "--tls",
        "--ca-file",
        &roots,
        "--server-name",
        "example.org",
    ];
    assert_eq!(server.run(&[&wrong_name, &own[..]].concat()).0, 78);
    assert_ne!(server.run(&call).0, 0);
    let empty = ["health", "--tls", "--ca-file", "/dev/null"];
    assert_eq!(server.run(&empty), failed(2, "/dev/null: empty\n"));
}

//! The program `stock_server`: what it prints, and how it ends.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use testcerts::{Authority, P256};

const DEADLINE: Duration = Duration::from_secs(10);

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("SERVER").unwrap());
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A server that listens, and its ready line.
fn listening(arguments: &[&str]) -> (Child, String) {
    let mut child = program(arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, line)
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args(["-s", name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Waits in a thread, so that a program that does not end fails the test.
fn ended(mut child: Child) -> ExitStatus {
    let waiting = thread::spawn(move || child.wait().unwrap());
    let begun = Instant::now();
    while !waiting.is_finished() {
        assert!(begun.elapsed() < DEADLINE, "the program does not end");
        thread::park_timeout(Duration::from_millis(5));
    }
    waiting.join().unwrap()
}

fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = program(arguments).output().unwrap();
    assert_eq!(output.stdout, b"");
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// A loopback address of the test's own: no other program gets a port there that it gave up.
fn own_loopback() -> String {
    let [a, b, ..] = RandomState::new().build_hasher().finish().to_ne_bytes();
    format!("127.{a}.{b}.77")
}

#[test]
fn it_says_where_it_listens_and_drains_at_a_signal() {
    for name in ["TERM", "INT"] {
        let host = own_loopback();
        let (mut child, line) = listening(&["--host", &host, "--port", "0"]);
        let address = line
            .strip_prefix("Server listening on ")
            .unwrap()
            .trim_end()
            .to_owned();
        assert!(address.starts_with(&format!("{host}:")), "{line:?}");
        // Whoever is connected and says nothing holds nothing.
        let _idle = TcpStream::connect(&address).unwrap();
        signal(&child, name);
        let mut rest = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut rest)
            .unwrap();
        assert_eq!((ended(child).code(), rest.as_str()), (Some(0), ""));
        let port = address.rsplit_once(':').unwrap().1.to_owned();
        // It works at once on the port of a drained server.
        let (child, again) = listening(&["--host", &host, "--port", &port]);
        assert_eq!(again, line);
        signal(&child, name);
        assert_eq!(ended(child).code(), Some(0));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (child, line) = listening(&["--port", "0", "--grace-seconds", "60"]);
    let address = line
        .strip_prefix("Server listening on ")
        .unwrap()
        .trim_end()
        .to_owned();
    let _idle = TcpStream::connect(&address).unwrap();
    let begun = Instant::now();
    signal(&child, "TERM");
    signal(&child, "TERM");
    assert_eq!(ended(child).code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn it_listens_on_ipv6() {
    let (child, line) = listening(&["--host", "::1", "--port", "0"]);
    assert!(line.starts_with("Server listening on [::1]:"), "{line:?}");
    signal(&child, "TERM");
    ended(child);
}

#[test]
fn it_explains_itself() {
    let output = program(&["--help"]).output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"usage: stock_server"));
    let output = program(&["--version"]).output().unwrap();
    let expected = format!(
        "stock_server {} rust {}\n",
        stock::about::VERSION,
        stock::about::LIBRARY
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    let (code, said) = refused(&["--prt", "1"]);
    assert!(
        code == Some(2) && said.starts_with("unknown flag: --prt\nusage: stock_server"),
        "{said:?}"
    );
}

#[test]
fn a_taken_port_is_exit_3() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, said) = refused(&["--port", &port]);
    assert!(
        code == Some(3) && said.starts_with(&format!("cannot bind 127.0.0.1:{port}: ")),
        "{said:?}"
    );
    let (code, said) = refused(&[
        "--host",
        "127.0.0.256",
        "--allow-plaintext-network",
        "--port",
        "0",
    ]);
    assert!(code == Some(3) && said.lines().count() == 1, "{said:?}");
}

#[test]
fn files_that_cannot_be_used_are_exit_2() {
    let folder = PathBuf::from(std::env::var("TEST_TMPDIR").unwrap());
    let authority = Authority::new(P256);
    let (one, other) = (authority.identity(P256), authority.identity(P256));
    let file = |name: &str, content: &[u8]| {
        std::fs::write(folder.join(name), content).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let (chain, key) = (
        file("chain.pem", &one.chain_pem),
        file("key.pem", &one.key_pem),
    );
    let wrong = file("wrong.pem", &other.key_pem);
    let empty = file("empty.pem", b"");
    for (chain, key) in [
        (&chain, &wrong),
        (&empty, &key),
        (&chain, &empty),
        (&key, &chain),
        (&"/nonexistent".to_owned(), &key),
    ] {
        let (code, said) = refused(&[
            "--port",
            "0",
            "--tls-mode",
            "tls",
            "--cert-file",
            chain,
            "--key-file",
            key,
        ]);
        assert!(
            code == Some(2) && said.lines().count() == 1,
            "{code:?} {said:?}"
        );
    }
    let (child, line) = listening(&[
        "--port",
        "0",
        "--tls-mode",
        "tls",
        "--cert-file",
        &chain,
        "--key-file",
        &key,
    ]);
    assert!(
        line.starts_with("Server listening on 127.0.0.1:"),
        "{line:?}"
    );
    signal(&child, "TERM");
    assert_eq!(ended(child).code(), Some(0));
}

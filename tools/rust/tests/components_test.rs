//! Which third-party crates a program is linked with, by what its sources name.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs the program on a folder with one source and the components of `tonic` and `http`.
fn run(name: &str, source: &str) -> (Output, PathBuf) {
    let folder = PathBuf::from(std::env::var("TEST_TMPDIR").unwrap()).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    fs::write(folder.join("tonic.jsonl"), "tonic\nbytes\n").unwrap();
    fs::write(folder.join("http.jsonl"), "http\nbytes\n").unwrap();
    let out = folder.join("out");
    let output = Command::new(std::env::var("COMPONENTS").unwrap())
        .arg(&out)
        .arg(folder.join("tonic.jsonl"))
        .arg(folder.join("http.jsonl"))
        .arg("--")
        .arg(folder.join("src"))
        .output()
        .unwrap();
    (output, out)
}

#[test]
fn a_crate_that_is_named_counts_with_what_is_below_it() {
    let (output, out) = run("one", "use tonic::Status;\nfn my_http::x() {}\n// http\n");
    assert!(output.status.success());
    assert_eq!(fs::read_to_string(out).unwrap(), "bytes\ntonic\n");
}

#[test]
fn a_line_of_two_crates_is_written_once() {
    let (_, out) = run("two", "::tonic::Status; (http::Uri)");
    assert_eq!(fs::read_to_string(out).unwrap(), "bytes\nhttp\ntonic\n");
}

#[test]
fn a_command_line_without_sources_is_an_error() {
    let output = Command::new(std::env::var("COMPONENTS").unwrap())
        .arg("out")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("-- expected"), "{text}");
}

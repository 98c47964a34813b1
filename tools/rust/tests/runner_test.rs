//! The runner of tests: Bazel's filter and its report in XML.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs the tests of `failing` with a filter; returns what it gave and its report.
fn run(name: &str, filter: &str) -> (Output, String) {
    let report = PathBuf::from(std::env::var("TEST_TMPDIR").unwrap()).join(name);
    let output = Command::new(std::env::var("FAILING").unwrap())
        .env("TESTBRIDGE_TEST_ONLY", filter)
        .env("XML_OUTPUT_FILE", &report)
        .output()
        .unwrap();
    (output, fs::read_to_string(report).unwrap())
}

#[test]
fn a_failure_is_reported() {
    let (output, report) = run("all.xml", "");
    assert!(!output.status.success());
    assert!(report.contains(r#"tests="3" failures="1""#), "{report}");
    assert!(
        report.contains(r#"name="one_and_one"></testcase>"#),
        "{report}"
    );
    assert!(report.contains("<failure>"), "{report}");
    assert!(report.contains("1 &lt; 1 &amp; more"), "{report}");
    assert!(report.contains(r#"name="not_yet"><skipped/>"#), "{report}");
}

#[test]
fn a_filter_chooses() {
    let (output, report) = run("one.xml", "one_and");
    assert!(output.status.success());
    assert!(report.contains(r#"tests="1" failures="0""#), "{report}");
    let (output, _) = run("none.xml", "nothing_is_called_this");
    assert!(output.status.success(), "it may be for another target");
}
#[test]
fn no_test_is_a_failure() {
    let output = Command::new(std::env::var("EMPTY").unwrap())
        .env("TESTBRIDGE_TEST_ONLY", "")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no test was run"));
}

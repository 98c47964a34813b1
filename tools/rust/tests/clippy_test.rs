//! The linter's test shows what it finds, and is red then.

use std::process::Command;

#[test]
fn findings_of_both_are_shown() {
    let output = Command::new(std::env::var("LINTED").unwrap())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert!(shown.contains("unused variable"), "{shown}");
    assert!(shown.contains("needless_return"), "{shown}");
}

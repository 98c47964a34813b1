//! The program does what its library says.

use std::process::Command;

#[test]
fn the_program_greets() {
    let program = std::env::var("PROGRAM").unwrap();
    let output = Command::new(program).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("{}\n", greeting::greeting("k"))
    );
}

#[test]
#[should_panic(expected = "left == right")]
fn a_test_can_fail() {
    assert_eq!(greeting::greeting("k"), "another");
}

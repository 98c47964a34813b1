//! Tests of which one fails: what the runner's test runs.

#[test]
fn one_and_one() {
    assert_eq!(1 + 1, 2);
}

#[test]
fn less() {
    panic!("1 < 1 & more");
}

#[test]
#[ignore]
fn not_yet() {}

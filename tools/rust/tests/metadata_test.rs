//! What cargo tells of the crates names no folder of a machine: it is an input of actions, which another machine with
//! the same crates is to have in its cache.

use std::fs;

#[test]
fn no_folder_of_a_machine() {
    let metadata = fs::read_to_string(std::env::var("METADATA").unwrap()).unwrap();
    assert!(metadata.contains(r#""src_path":"vendor/"#), "{metadata}");
    for absolute in [r#":"/"#, "file:///"] {
        let found: Vec<_> = metadata.match_indices(absolute).collect();
        assert!(found.is_empty(), "{absolute} at {found:?}");
    }
}

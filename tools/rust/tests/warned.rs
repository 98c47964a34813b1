//! What rustc warns of, and clippy.

pub fn warned() -> Option<u8> {
    let unused = 1;
    return Some(2);
}

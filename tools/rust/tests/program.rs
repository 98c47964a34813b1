//! Prints a greeting.

fn main() {
    println!("{}", greeting::greeting("k"));
}

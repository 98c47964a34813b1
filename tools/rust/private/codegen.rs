//! `codegen OUT DESCRIPTORS...`: makes the sources of a crate out of a proto_library's descriptor
//! sets.
//!
//! `OUT/lib.rs` has a module for each part of a package's name, and the descriptors themselves.

use std::error::Error;
use std::fs;
use std::path::Path;

use prost::Message;
use prost_types::FileDescriptorSet;

const DESCRIPTORS: &str = "descriptors.binpb";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, sets @ ..] = arguments.as_slice() else {
        return Err("OUT DESCRIPTORS... expected".into());
    };
    let out = Path::new(out);
    // Descriptor sets are messages of one repeated field: together they are one behind the other.
    let mut encoded = Vec::new();
    for set in sets {
        encoded.extend(fs::read(set)?);
    }
    let descriptors = FileDescriptorSet::decode(encoded.as_slice())?;
    fs::write(out.join(DESCRIPTORS), encoded)?;
    let root = out.join("lib.rs");
    tonic_prost_build::configure()
        // What is received is not copied again.
        .bytes(".")
        .build_transport(false)
        .include_file("lib.rs")
        .out_dir(out)
        .compile_fds(descriptors)?;
    let mut source = fs::read_to_string(&root)?;
    source.push_str("/// The descriptors of all that is here: a serialized `FileDescriptorSet`.\n");
    source.push_str(&format!(
        "pub const DESCRIPTORS: &[u8] = include_bytes!(\"{DESCRIPTORS}\");\n"
    ));
    fs::write(&root, source)?;
    Ok(())
}

//! `components OUT COMPONENTS... -- SOURCES...`: tells which third-party crates a program is linked with.
//!
//! Each file of components is named for a crate that own code may use, and has a line for it and for all that is linked
//! with it. Those of the crates that a source names, as `crate_name::`, are written, each line once. A crate that no
//! source names is not linked: nothing else brings it into a program.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("components: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (out, rest) = arguments.split_first().ok_or("OUT expected")?;
    let mut halves = rest.splitn(2, |argument| argument == "--");
    let components = halves.next().unwrap_or_default();
    let sources = halves.next().ok_or("-- expected before the sources")?;
    let mut text = String::new();
    for source in sources {
        read(Path::new(source), &mut text)?;
    }
    let mut lines = BTreeSet::new();
    for path in components {
        let path = Path::new(path);
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or("a name expected")?;
        if names(&text, name) {
            let content = fs::read_to_string(path)?;
            lines.extend(content.lines().map(|line| format!("{line}\n")));
        }
    }
    fs::write(out, lines.into_iter().collect::<String>())?;
    Ok(())
}

/// Adds what is in a source, or in all sources of a folder, to a text.
fn read(path: &Path, text: &mut String) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            read(&entry?.path(), text)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        text.push_str(&fs::read_to_string(path)?);
        text.push('\n');
    }
    Ok(())
}

/// Whether a text has a crate's name at the beginning of a path.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let inside = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
        !inside && text[start + name.len()..].starts_with("::")
    })
}

//! The program that the actions of the Rust rules run: what a compiler's command line cannot say by
//! itself.

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where the layer is compiled. The sandbox has an empty `/tmp` of its own, so this is the same
/// path in every build and none shows in what is built.
const LAYER: &str = "/tmp/rust-layer";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let verb = arguments.next().unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    let done = match verb.to_str() {
        Some("layer") => layer(&arguments),
        Some("compile") => compile(&arguments),
        Some("lint") => lint(&arguments),
        _ => Err(format!("verb: {verb:?} given, layer, compile or lint expected").into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("builder: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `layer RUSTC CARGO CC VENDOR MANIFEST LOCK OUT`: compiles all that a manifest depends on, and
/// puts the libraries into a folder.
fn layer(arguments: &[OsString]) -> Result<()> {
    let [rustc, cargo, cc, vendor, manifest, lock, out] = arguments else {
        return Err("layer: RUSTC CARGO CC VENDOR MANIFEST LOCK OUT expected".into());
    };
    let root = Path::new(LAYER);
    fs::create_dir(root)
        .map_err(|error| format!("{LAYER}: {error}: the sandbox has no /tmp of its own"))?;
    for folder in ["bin", "home", "src"] {
        fs::create_dir(root.join(folder))?;
    }
    symlink(absolute(cc)?, root.join("bin/cc"))?;
    run(Command::new("tar")
        .arg("-xf")
        .arg(vendor)
        .arg("-C")
        .arg(root))?;
    fs::copy(manifest, root.join("Cargo.toml"))?;
    fs::copy(lock, root.join("Cargo.lock"))?;
    fs::write(root.join("src/lib.rs"), "")?;
    let source = format!(
        "[source.crates-io]\nreplace-with = \"vendor\"\n[source.vendor]\ndirectory = \"{LAYER}/vendor\"\n"
    );
    fs::write(root.join("home/config.toml"), source)?;
    run(Command::new(absolute(cargo)?)
        .args(["build", "--release", "--offline", "--locked", "--quiet"])
        .current_dir(root)
        .env("CARGO_HOME", root.join("home"))
        .env("HOME", root.join("home"))
        .env("LC_ALL", "C")
        .env("PATH", format!("{LAYER}/bin:/usr/bin:/bin"))
        .env("RUSTC", absolute(rustc)?)
        .env("RUSTFLAGS", format!("--remap-path-prefix={LAYER}/vendor="))
        .env("SOURCE_DATE_EPOCH", "0")
        .env("ZERO_AR_DATE", "1"))?;
    collect(&root.join("target/release"), Path::new(out))
}

/// Copies the libraries that others are compiled with, but for the one of the manifest itself.
fn collect(release: &Path, out: &Path) -> Result<()> {
    let own: Vec<_> = fs::read_dir(release)?.collect::<std::io::Result<_>>()?;
    let own: Vec<_> = own
        .iter()
        .filter_map(|entry| entry.path().file_stem().map(OsStr::to_owned))
        .collect();
    for entry in fs::read_dir(release.join("deps"))? {
        let path = entry?.path();
        let (Some(name), Some(stem), Some(extension)) =
            (path.file_name(), path.file_stem(), path.extension())
        else {
            continue;
        };
        let mine = own.iter().any(|own| is_build_of(stem, own));
        if (extension == "rlib" || extension == "so") && !mine {
            fs::copy(&path, out.join(name))?;
        }
    }
    Ok(())
}

/// Tells whether `libstock-0123456789abcdef` is a build of `libstock`.
fn is_build_of(stem: &OsStr, own: &OsStr) -> bool {
    let stem = stem.to_string_lossy();
    stem.rsplit_once('-').is_some_and(|(name, _)| name == own)
}

/// `compile RUSTC ARGUMENTS...`: becomes the compiler, told that the sandbox's own path must not
/// show.
fn compile(arguments: &[OsString]) -> Result<()> {
    Err(compiler(arguments)?.exec().into())
}

/// `lint OUT CLIPPY ARGUMENTS...`: writes what the linter has to say; it fails only where it does
/// not run.
fn lint(arguments: &[OsString]) -> Result<()> {
    let [out, rest @ ..] = arguments else {
        return Err("lint: OUT CLIPPY ARGUMENTS... expected".into());
    };
    let scratch = PathBuf::from(out).with_extension("metadata");
    let result = compiler(rest)?
        .arg("-o")
        .arg(&scratch)
        .stdin(Stdio::null())
        .output()?;
    let mut findings = result.stderr;
    if !result.status.success() && findings.is_empty() {
        findings = format!("the linter ended with {}\n", result.status).into_bytes();
    }
    fs::write(out, findings)?;
    Ok(())
}

fn compiler(arguments: &[OsString]) -> Result<Command> {
    let [program, rest @ ..] = arguments else {
        return Err("a compiler expected".into());
    };
    let mut command = Command::new(absolute(program)?);
    command.args(rest).arg(format!(
        "--remap-path-prefix={}=.",
        env::current_dir()?.display()
    ));
    Ok(command)
}

fn absolute(path: &OsStr) -> Result<PathBuf> {
    Ok(env::current_dir()?.join(path))
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: {status}", command.get_program().display()).into())
    }
}

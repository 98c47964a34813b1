//! Runs the tests of a `rust_test`: the harness knows nothing of Bazel's filter and of its report
//! in XML.

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Write as _};
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("test_runner: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<ExitCode> {
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_default();
    let mut harness = name.clone();
    harness.push(".harness");
    let filter = env::var_os("TESTBRIDGE_TEST_ONLY").filter(|filter| !filter.is_empty());
    let mut child = Command::new(harness)
        .arg("--color=never")
        .args(&filter)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            writeln!(io::stdout(), "{line}")?;
            lines.push(line);
        }
    }
    let status = child.wait()?;
    let verdicts = verdicts(&lines);
    if let Some(path) = env::var_os("XML_OUTPUT_FILE") {
        fs::write(path, report(&name, &lines, &verdicts))?;
    }
    // A filter may be for another target of the same run.
    if status.success() && verdicts.is_empty() && filter.is_none() && env::args_os().len() == 1 {
        eprintln!("test_runner: no test was run");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}

/// The verdicts in the harness's lines `test NAME ... VERDICT`, by name.
fn verdicts(lines: &[String]) -> Vec<(&str, &str)> {
    let line = |line: &'_ String| -> Option<(usize, usize)> {
        let rest = line.strip_prefix("test ")?;
        let end = rest.find(" ... ")?;
        Some((5 + end, 5 + end + 5))
    };
    lines
        .iter()
        .filter_map(|text| line(text).map(|(end, verdict)| (&text[5..end], &text[verdict..])))
        .collect()
}

/// The failed tests' own output: what follows `---- NAME stdout ----`.
fn outputs(lines: &[String]) -> HashMap<&str, String> {
    let mut found: HashMap<&str, String> = HashMap::new();
    let mut current = None;
    for line in lines {
        if let Some(name) = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"))
        {
            current = Some(name);
        } else if line == "failures:" {
            current = None;
        } else if let Some(name) = current {
            let _ = writeln!(found.entry(name).or_default(), "{line}");
        }
    }
    found
}

fn report(suite: &OsString, lines: &[String], verdicts: &[(&str, &str)]) -> String {
    let outputs = outputs(lines);
    let suite = escape(&suite.to_string_lossy());
    let failures = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == "FAILED")
        .count();
    let mut xml = format!(
        "<testsuites><testsuite name=\"{suite}\" tests=\"{}\" failures=\"{failures}\">\n",
        verdicts.len()
    );
    for (name, verdict) in verdicts {
        let inner = match *verdict {
            "FAILED" => {
                format!(
                    "<failure>{}</failure>",
                    escape(outputs.get(name).map_or("", String::as_str))
                )
            }
            verdict if verdict.starts_with("ignored") => "<skipped/>".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(
            xml,
            "<testcase classname=\"{suite}\" name=\"{}\">{inner}</testcase>",
            escape(name)
        );
    }
    xml + "</testsuite></testsuites>\n"
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no others of these.
            c if c < ' ' && !matches!(c, '\n' | '\r' | '\t') => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

//! The grammar: which words are flags, and what they may say.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::Duration;

use super::{UsageError, printable};

/// One flag of a program.
pub(super) struct Flag {
    pub(super) name: &'static str,
    /// What its value is called; empty for a flag without.
    pub(super) value: &'static str,
    pub(super) help: &'static str,
}

/// Returns a flag, for a table of them.
pub(super) const fn flag(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag { name, value, help }
}

/// A command line taken apart.
#[derive(Default)]
pub(super) struct Line {
    /// The flags given, each with all its values: the last is the one that counts.
    given: BTreeMap<&'static str, Vec<OsString>>,
    /// The rest, in order: bytes, as given.
    pub(super) arguments: Vec<OsString>,
}

/// Takes a command line apart.
pub(super) fn parse(
    flags: &[Flag],
    words: impl IntoIterator<Item = OsString>,
) -> Result<Line, UsageError> {
    let mut line = Line::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_bytes().strip_prefix(b"--") {
            None => line.arguments.push(word),
            Some([]) => line.arguments.extend(words.by_ref()),
            Some(text) => {
                let (name, value) = match text.iter().position(|byte| *byte == b'=') {
                    Some(equals) => (
                        &text[..equals],
                        Some(OsString::from_vec(text[equals + 1..].to_vec())),
                    ),
                    None => (text, None),
                };
                let flag = flags.iter().find(|flag| flag.name.as_bytes() == name);
                let flag =
                    flag.ok_or_else(|| UsageError(format!("unknown flag: --{}", printable(name))))?;
                let value = match (flag.value, value) {
                    ("", Some(_)) => {
                        return Err(UsageError(format!("--{} takes no value", flag.name)));
                    }
                    ("", None) => OsString::new(),
                    (_, Some(value)) => value,
                    (_, None) => words
                        .next()
                        .ok_or_else(|| UsageError(format!("--{} needs a value", flag.name)))?,
                };
                line.given.entry(flag.name).or_default().push(value);
            }
        }
    }
    Ok(line)
}

impl Line {
    /// Tells whether a flag is given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Returns the names of the flags given, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.given.keys().copied()
    }

    /// Returns a text, which is not empty.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, UsageError> {
        let read = |value: &OsString| {
            value
                .to_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        self.value(name, "text that is not empty", read)
    }

    /// Returns a path, which is not empty.
    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>, UsageError> {
        let read = |value: &OsString| (!value.is_empty()).then(|| PathBuf::from(value));
        self.value(name, "a file's name", read)
    }

    /// Returns a number: digits and nothing else.
    pub(super) fn number(
        &self,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, UsageError> {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        let read = |value: &OsString| {
            let text = value.to_str().filter(|text| is_digits(text))?;
            text.parse().ok().filter(|number| range.contains(number))
        };
        self.value(name, &expected, read)
    }

    /// Returns a time in seconds, as digits with a fraction.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<Duration>, UsageError> {
        let read = |value: &OsString| {
            let text = value.to_str()?;
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let readable = is_digits(whole) && is_digits(fraction) && whole.len() < 10;
            let seconds: f64 = text.parse().ok().filter(|_| readable)?;
            let time = Duration::try_from_secs_f64(seconds).ok()?;
            // A fraction of a nanosecond is not nothing.
            Some(if seconds > 0.0 {
                time.max(Duration::from_nanos(1))
            } else {
                time
            })
        };
        self.value(name, "seconds like 5 or 0.25", read)
    }

    /// Returns what the last value of a flag is read as. The others must be readable too.
    pub(super) fn value<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&OsString) -> Option<T>,
    ) -> Result<Option<T>, UsageError> {
        let mut last = None;
        for value in self.given.get(name).into_iter().flatten() {
            let refused = || {
                UsageError(format!(
                    "--{name}: \"{}\" given, {expected} expected",
                    printable(value.as_bytes())
                ))
            };
            last = Some(read(value).ok_or_else(refused)?);
        }
        Ok(last)
    }

    /// Refuses the flags that make no sense in a session.
    pub(super) fn only_with_session(&self, allowed: &[&str]) -> Result<(), UsageError> {
        match self
            .names()
            .find(|name| *name != "session" && !allowed.contains(name))
        {
            Some(name) => Err(UsageError(format!("--session goes without --{name}"))),
            None => Ok(()),
        }
    }
}

/// Returns the lines that tell of flags.
pub(super) fn usage(flags: &[Flag]) -> String {
    let line = |flag: &Flag| {
        let head = format!("--{} {}", flag.name, flag.value);
        format!("  {:<26} {}\n", head.trim_end(), flag.help)
    };
    flags.iter().map(line).collect()
}

/// Tells numbers as the grammar knows them from those with signs, exponents and underscores.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

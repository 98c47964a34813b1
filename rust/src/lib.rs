//! Stock in Rust: all that the two programs are made of.

#![deny(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![cfg_attr(test, allow(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(clippy::pedantic, missing_docs)]
// Errors are told in the first paragraph, and a result that is not used shows as such.
#![allow(clippy::missing_errors_doc, clippy::must_use_candidate)]

pub mod about;
pub mod answer;
pub mod calls;
pub mod credentials;
pub mod directive;
pub mod health;
pub mod limit;
pub mod listener;
pub mod metadata;
pub mod options;
pub mod peer;
pub mod program;
pub mod reflection;
pub mod routes;
pub mod service;
pub mod session;
pub mod store;
pub mod timeout;
pub mod window;

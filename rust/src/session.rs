//! Lets a runner drive the two programs: frames on the standard streams to listeners and calls, and
//! what these give back to frames. `proto/session.proto` is the manual.

use std::io::Write;

use stock_grpc::tofusoup::stock::session::{Event, Failure, Hello, Identity, Role, event};

pub use self::client::call;
pub use self::frames::Error;
use self::output::Output;
pub use self::server::serve;
use crate::{about, credentials};

mod call;
mod client;
mod frames;
mod methods;
mod output;
mod report;
mod server;
mod trace;

const PROTOCOL: u32 = 1;

/// Every key type: aws-lc-rs can do them all.
const KEY_TYPES: [&str; 5] = [
    "key_type:rsa2048",
    "key_type:rsa4096",
    "key_type:p256",
    "key_type:p384",
    "key_type:p521",
];

/// Begins a session: says Hello.
fn begin(writer: impl Write + Send + 'static, role: Role, abilities: &[&str]) -> Output {
    let output = Output::start(writer);
    output.send(event::Event::Hello(Hello {
        protocol: PROTOCOL,
        language: about::LANGUAGE.to_owned(),
        role: role.into(),
        library: about::LIBRARY.to_owned(),
        runtime: about::RUNTIME.to_owned(),
        transport: about::TRANSPORT.to_owned(),
        tls_stack: about::TLS_STACK.to_owned(),
        supports: abilities
            .iter()
            .chain(&KEY_TYPES)
            .map(|&ability| ability.to_owned())
            .collect(),
        version: about::VERSION.to_owned(),
    }));
    output
}

/// Answers a command that cannot be obeyed.
fn refuse(output: &Output, id: u32, obeyed: Result<(), String>) {
    if let Err(reason) = obeyed {
        output.send(event::Event::Failure(Failure { id, reason }));
    }
}

fn identity_of(identity: Option<Identity>) -> credentials::Identity {
    let Identity { chain_pem, key_pem } = identity.unwrap_or_default();
    credentials::Identity {
        chain_pem: chain_pem.into(),
        key_pem: key_pem.into(),
    }
}

fn framed(event: event::Event) -> Event {
    Event { event: Some(event) }
}

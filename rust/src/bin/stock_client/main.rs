//! Calls a Stock server; `docs/reference/programs.md` describes it.

#![deny(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![cfg_attr(test, allow(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(clippy::pedantic)]

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use stock::calls::{self, Endpoint};
use stock::credentials::{self, Identity};
use stock::options::{Asked, Client, client_usage, exit, parse_client};
use stock::program::{self, EVENT_INTERVAL, Failure, print, start_log};
use stock::{about, session};
use tokio::runtime::Builder;

use crate::operations::{Error, Work};

mod lines;
mod operations;

fn main() -> ExitCode {
    program::end(run(std::env::args_os().skip(1)))
}

fn run(words: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    match parse_client(words) {
        Err(error) => Err(Failure::usage(error, &client_usage())),
        Ok(Asked::Help) => print(&client_usage()),
        Ok(Asked::Version) => print(&about::line("stock_client")),
        Ok(Asked::Session(_) | Asked::Run(None)) => in_runtime(async {
            session::call(io::stdin(), io::stdout())
                .await
                .map_err(Failure::internal)
        }),
        Ok(Asked::Run(Some(client))) => in_runtime(operate(Arc::new(client))),
    }
}

/// Runs until the work is done or SIGINT comes. One thread is enough for one end of one connection.
fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    start_log();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build()
        .map_err(Failure::internal)?;
    let done = runtime.block_on(async {
        tokio::select! {
            // Waited for before anything is read.
            biased;
            _ = tokio::signal::ctrl_c() => Err(Failure::silent(exit::INTERRUPTED)),
            done = work => done,
        }
    });
    // Whatever is left does not hold the end.
    runtime.shutdown_background();
    done
}

/// Runs one operation on a channel of its own.
async fn operate(client: Arc<Client>) -> Result<(), Failure> {
    let given = Arc::clone(&client);
    let prepared = tokio::task::spawn_blocking(move || Work::prepare(&given, io::stdin()));
    let work = prepared
        .await
        .map_err(Failure::internal)?
        .map_err(explain)?;
    let endpoint = endpoint(&client).map_err(|error| Failure::new(exit::USAGE, error))?;
    let channel = calls::open(&endpoint).map_err(|reason| Failure::new(exit::USAGE, reason))?;
    operations::perform(work, &client, channel, &mut io::stdout())
        .await
        .map_err(explain)
}

fn endpoint(client: &Client) -> Result<Endpoint, credentials::Error> {
    let tls = if client.tls {
        let roots = client
            .ca_file
            .as_deref()
            .map(credentials::read_file)
            .transpose()?;
        let files = client.identity.as_ref();
        let identity = files
            .map(|(chain, key)| Identity::read(chain, key))
            .transpose()?;
        Some(credentials::client(roots.as_deref(), identity.as_ref())?)
    } else {
        None
    };
    Ok(Endpoint {
        host: client.host.clone(),
        port: client.port,
        tls,
        server_name: client.server_name.clone(),
    })
}

/// Returns the exit code and the line that an error deserves.
fn explain(error: Error) -> Failure {
    match error {
        Error::Usage(error) => Failure::usage(error, &client_usage()),
        Error::NotServing => Failure::silent(exit::NOT_SERVING),
        Error::Io(error) => Failure::internal(error),
        Error::Status(status) => {
            let code = u8::try_from(i32::from(status.code())).unwrap_or_default();
            Failure::new(exit::RPC + code, lines::status(&status))
        }
    }
}

//! Serves Stock and KV; `docs/reference/programs.md` describes it.

#![deny(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::pedantic)]

use std::ffi::OsString;
use std::io;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use stock::credentials::{self, Identity};
use stock::directive::Director;
use stock::listener::{ABORT_TIMEOUT, Config, Listener};
use stock::options::{Asked, Mode, Server, exit, parse_server, server_usage};
use stock::program::{self, EVENT_INTERVAL, Failure, print, start_log};
use stock::store::Stores;
use stock::{about, session};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    program::end(run(std::env::args_os().skip(1)))
}

fn run(words: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    match parse_server(words) {
        Err(error) => Err(Failure::usage(error, &server_usage())),
        Ok(Asked::Help) => print(&server_usage()),
        Ok(Asked::Version) => print(&about::line("stock_server")),
        Ok(Asked::Session(server)) => in_runtime(async {
            let shutdown = shutdown(server.grace)?;
            session::serve(io::stdin(), io::stdout(), server.grace, shutdown)
                .await
                .map_err(Failure::internal)
        }),
        Ok(Asked::Run(server)) => in_runtime(serve(server)),
    }
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    start_log();
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build()
        .map_err(Failure::internal)?;
    let done = runtime.block_on(work);
    // Whatever is left does not hold the end.
    runtime.shutdown_background();
    done
}

/// Serves until a signal, then drains.
async fn serve(server: Server) -> Result<(), Failure> {
    let config = configure(&server).map_err(|error| Failure::new(exit::USAGE, error))?;
    let shutdown = shutdown(server.grace)?;
    let listener = Listener::bind(config).await.map_err(|error| {
        Failure::new(
            exit::CANNOT_BIND,
            format!("cannot bind {}:{}: {error}", server.host, server.port),
        )
    })?;
    print(&format!("Server listening on {}\n", listener.address()))?;
    shutdown.await;
    listener.drain(server.grace).await;
    Ok(())
}

/// Loads what the options name.
fn configure(server: &Server) -> Result<Config, credentials::Error> {
    let stores = Arc::new(Stores::default());
    let (security, tls) = match &server.mode {
        Mode::Plaintext => ("plaintext", None),
        Mode::Tls {
            cert_file,
            key_file,
            client_ca_file,
        } => {
            let identity = Identity::read(cert_file, key_file)?;
            let roots = client_ca_file
                .as_deref()
                .map(credentials::read_file)
                .transpose()?;
            let security = if roots.is_some() { "mtls" } else { "tls" };
            (
                security,
                Some(credentials::server(&identity, roots.as_deref())?),
            )
        }
    };
    Ok(Config {
        host: server.host.clone(),
        port: server.port,
        security,
        tls,
        max_receive_bytes: server.max_receive_bytes,
        director: server
            .conformance
            .then(|| Arc::new(Director::new(Arc::clone(&stores), None))),
        stores,
    })
}

/// Returns what completes at the first signal. From then on the process ends at the second one, and
/// when the grace has passed, whatever holds it.
fn shutdown(grace: Duration) -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    Ok(async move {
        either(&mut terminate, &mut interrupt).await;
        thread::spawn(move || {
            thread::sleep(grace + ABORT_TIMEOUT);
            process::exit(exit::OK.into());
        });
        tokio::spawn(async move {
            either(&mut terminate, &mut interrupt).await;
            process::exit(exit::OK.into());
        });
    })
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

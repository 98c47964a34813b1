//! A server's session: obeys the commands of a runner to a `stock_server`.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use stock_grpc::tofusoup::stock::session::command::Command;
use stock_grpc::tofusoup::stock::session::{
    Listen, Listening, Role, Security, Stop, Stopped, event,
};
use tokio::task::JoinSet;

use super::client::max_receive_bytes;
use super::frames::{self, Error};
use super::output::Output;
use super::{begin, identity_of, refuse};
use crate::credentials;
use crate::directive::Director;
use crate::listener::{ABORT_TIMEOUT, Config, Listener};
use crate::store::Stores;

const ABILITIES: [&str; 6] = [
    "gzip_response",
    "observe_encoding",
    "observe_peer",
    "observe_tls",
    "reflection_v1",
    "reflection_v1alpha",
];

struct Server {
    output: Output,
    stores: Arc<Stores>,
    director: Arc<Director>,
    /// `None` for one that is closed.
    listeners: HashMap<u32, Option<Listener>>,
    drains: JoinSet<()>,
}

/// Runs the listeners that a runner asks for, until input ends or `shutdown` completes; then it
/// drains them all within `grace`. The error tells that input is not a stream of frames.
pub async fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    grace: Duration,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let output = begin(output, Role::Server, &ABILITIES);
    let mut commands = frames::commands(input);
    let stores = Arc::new(Stores::default());
    let told = output.clone();
    let report = Arc::new(move |observed| told.send(event::Event::Observed(observed)));
    let mut server = Server {
        director: Arc::new(Director::new(Arc::clone(&stores), Some(report))),
        stores,
        output,
        listeners: HashMap::new(),
        drains: JoinSet::new(),
    };
    let obey = async {
        loop {
            match commands.recv().await {
                Some(Ok(command)) => {
                    let obeyed = server.obey(command.command).await;
                    refuse(&server.output, command.id, obeyed);
                }
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    };
    let ended = tokio::select! {
        ended = obey => ended,
        () = shutdown => Ok(()),
    };
    server.end(grace).await;
    ended
}

impl Server {
    async fn obey(&mut self, command: Option<Command>) -> Result<(), String> {
        match command {
            Some(Command::Listen(command)) => self.listen(command).await,
            Some(Command::Stop(command)) => self.stop(command),
            Some(Command::Forget(command)) => {
                self.stores
                    .forget(command.stores.iter().map(String::as_str));
                Ok(())
            }
            _ => Err("command: one for a server expected".to_owned()),
        }
    }

    async fn listen(&mut self, command: Listen) -> Result<(), String> {
        let number = command.listener;
        if number == 0 || self.listeners.contains_key(&number) {
            return Err(format!(
                "listener: {number} given, a new number from 1 expected"
            ));
        }
        let listener = Listener::bind(self.config(command)?)
            .await
            .map_err(|error| format!("cannot bind: {error}"))?;
        let port = listener.address().port().into();
        self.listeners.insert(number, Some(listener));
        self.output.send(event::Event::Listening(Listening {
            listener: number,
            port,
        }));
        Ok(())
    }

    fn config(&self, command: Listen) -> Result<Config, String> {
        let host: IpAddr = command
            .host
            .parse()
            .map_err(|_| format!("host: {:?} given, a literal address expected", command.host))?;
        let port = u16::try_from(command.port)
            .map_err(|_| format!("port: {} given, at most 65535 expected", command.port))?;
        let (security, roots) = match command.security() {
            Security::Plaintext if !host.is_loopback() => {
                return Err(format!("host: {host} given, plaintext is for loopback"));
            }
            Security::Plaintext => ("plaintext", None),
            Security::Tls => ("tls", None),
            Security::Mtls => ("mtls", Some(command.client_roots_pem.as_ref())),
            Security::Unspecified => {
                return Err("security: plaintext, tls or mtls expected".to_owned());
            }
        };
        let tls = (security != "plaintext")
            .then(|| credentials::server(&identity_of(command.identity), roots));
        Ok(Config {
            host: host.to_string(),
            port,
            security,
            tls: tls.transpose().map_err(|error| error.to_string())?,
            max_receive_bytes: max_receive_bytes(command.max_receive_bytes),
            stores: Arc::clone(&self.stores),
            director: Some(Arc::clone(&self.director)),
        })
    }

    /// Begins to drain a listener.
    fn stop(&mut self, command: Stop) -> Result<(), String> {
        let number = command.listener;
        let listener = self.listeners.get_mut(&number).and_then(Option::take);
        let listener =
            listener.ok_or_else(|| format!("listener: {number} given, which is not open"))?;
        let (output, grace) = (
            self.output.clone(),
            Duration::from_millis(command.grace_ms.into()),
        );
        self.drains.spawn(async move {
            listener.drain(grace).await;
            output.send(event::Event::Stopped(Stopped { listener: number }));
        });
        Ok(())
    }

    /// Drains what is open, and waits for the drains that a Stop has begun, but for those no longer
    /// than for the others: their grace may be longer.
    async fn end(mut self, grace: Duration) {
        for listener in self.listeners.into_values().flatten() {
            self.drains.spawn(listener.drain(grace));
        }
        let drained = async { while self.drains.join_next().await.is_some() {} };
        if tokio::time::timeout(grace + ABORT_TIMEOUT, drained)
            .await
            .is_err()
        {
            tracing::warn!("a listener is still draining");
        }
        self.output.close();
    }
}

//! A client's session: obeys the commands of a runner to a `stock_client`.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use stock_grpc::tofusoup::stock::session::command::Command;
use stock_grpc::tofusoup::stock::session::{OpenChannel, Role, Security, Start};
use tokio_rustls::rustls::ClientConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::Channel;

use super::call::Call;
use super::frames::{self, Error};
use super::output::Output;
use super::{begin, identity_of, refuse};
use crate::{calls, credentials};

/// How long the ends of cancelled calls may take.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// An open channel.
pub(super) struct Open {
    channel: Channel,
    pub(super) max_receive_bytes: usize,
    /// Ends its calls.
    pub(super) cancelled: CancellationToken,
}

struct Client {
    output: Output,
    /// `None` for one that is closed.
    channels: HashMap<u32, Option<Open>>,
    running: Running,
    /// Number of the last call started.
    highest: u32,
    tasks: TaskTracker,
    cancelled: CancellationToken,
}

/// The calls that have not ended, by number.
#[derive(Clone, Default)]
struct Running(Arc<Mutex<HashMap<u32, Arc<Call>>>>);

impl Running {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Arc<Call>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the calls that a runner asks for, until input ends; then it cancels them all. The error
/// tells that input is not a stream of frames.
pub async fn call(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> Result<(), Error> {
    let output = begin(output, Role::Client, &["gzip_request"]);
    let mut commands = frames::commands(input);
    let mut client = Client {
        output,
        channels: HashMap::new(),
        running: Running::default(),
        highest: 0,
        tasks: TaskTracker::new(),
        cancelled: CancellationToken::new(),
    };
    let ended = loop {
        match commands.recv().await {
            Some(Ok(command)) => {
                let obeyed = client.obey(command.command);
                refuse(&client.output, command.id, obeyed);
            }
            Some(Err(error)) => break Err(error),
            None => break Ok(()),
        }
    };
    client.end().await;
    ended
}

impl Client {
    fn obey(&mut self, command: Option<Command>) -> Result<(), String> {
        match command {
            Some(Command::OpenChannel(command)) => self.open(command),
            Some(Command::CloseChannel(command)) => self.close(command.channel),
            Some(Command::Start(command)) => self.start(command),
            Some(Command::Send(command)) => {
                self.with_call(command.call, |call| call.send(command.requests))
            }
            Some(Command::HalfClose(command)) => self.with_call(command.call, Call::half_close),
            Some(Command::Receive(command)) => self.with_call(command.call, |call| {
                call.receive(command.credit);
                Ok(())
            }),
            Some(Command::Cancel(command)) => self.with_call(command.call, |call| {
                call.cancel();
                Ok(())
            }),
            _ => Err("command: one for a client expected".to_owned()),
        }
    }

    fn open(&mut self, command: OpenChannel) -> Result<(), String> {
        let number = command.channel;
        if number == 0 || self.channels.contains_key(&number) {
            return Err(format!(
                "channel: {number} given, a new number from 1 expected"
            ));
        }
        let host: IpAddr = command
            .host
            .parse()
            .map_err(|_| format!("host: {:?} given, a literal address expected", command.host))?;
        let port = u16::try_from(command.port).ok().filter(|port| *port > 0);
        let endpoint = calls::Endpoint {
            host: host.to_string(),
            port: port
                .ok_or_else(|| format!("port: {} given, 1 to 65535 expected", command.port))?,
            tls: tls_of(&command)?,
            server_name: command.server_name,
        };
        let open = Open {
            channel: calls::open(&endpoint)?,
            max_receive_bytes: max_receive_bytes(command.max_receive_bytes),
            cancelled: self.cancelled.child_token(),
        };
        self.channels.insert(number, Some(open));
        Ok(())
    }

    fn close(&mut self, number: u32) -> Result<(), String> {
        let open = self
            .channels
            .get_mut(&number)
            .and_then(Option::take)
            .ok_or_else(|| not_open(number))?;
        // The connection goes with the last of its calls.
        open.cancelled.cancel();
        Ok(())
    }

    fn start(&mut self, command: Start) -> Result<(), String> {
        let (channel, number) = (command.channel, command.call);
        let open = self
            .channels
            .get(&channel)
            .and_then(Option::as_ref)
            .ok_or_else(|| not_open(channel))?;
        if number <= self.highest {
            return Err(format!(
                "call: {number} given, a number over {} expected",
                self.highest
            ));
        }
        let call = Call::new(command, &self.output, open)?;
        self.highest = number;
        self.running.lock().insert(number, Arc::clone(&call));
        let (channel, running) = (open.channel.clone(), self.running.clone());
        self.tasks.spawn(async move {
            let report_end = call.run(channel).await;
            // Before its status is reported: what comes for it then is passed over.
            running.lock().remove(&number);
            report_end();
        });
        Ok(())
    }

    /// Does something to a running call. One that has ended is passed over: the runner could not
    /// know yet.
    fn with_call(
        &self,
        number: u32,
        act: impl FnOnce(&Call) -> Result<(), String>,
    ) -> Result<(), String> {
        let running = self.running.lock().get(&number).cloned();
        match running {
            Some(call) => act(&call),
            None if number == 0 || number > self.highest => {
                Err(format!("call: {number} given, which never was one"))
            }
            None => Ok(()),
        }
    }

    /// Cancels what is open and waits for its end, but not for peers that hold a connection.
    async fn end(self) {
        self.cancelled.cancel();
        self.tasks.close();
        if tokio::time::timeout(END_TIMEOUT, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::error!("calls go on that have been cancelled");
        }
        self.output.close();
    }
}

fn tls_of(command: &OpenChannel) -> Result<Option<Arc<ClientConfig>>, String> {
    let identity = match command.security() {
        Security::Plaintext => return Ok(None),
        Security::Tls => None,
        Security::Mtls => command
            .identity
            .clone()
            .map(|identity| identity_of(Some(identity))),
        Security::Unspecified => return Err("security: plaintext, tls or mtls expected".to_owned()),
    };
    let config = credentials::client(Some(&command.roots_pem), identity.as_ref());
    config.map(Some).map_err(|error| error.to_string())
}

/// Returns a limit as a command gives it, where 0 stands for the usual one.
pub(super) fn max_receive_bytes(given: u32) -> usize {
    if given == 0 {
        calls::DEFAULT_MAX_RECEIVE_BYTES
    } else {
        given as usize
    }
}

fn not_open(channel: u32) -> String {
    format!("channel: {channel} given, which is not open")
}

//! Drives a session over pipes, as the runner of the matrix does.

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use prost::Message;
use stock::session;
use stock_grpc::tofusoup::stock::session::command::Command as Do;
use stock_grpc::tofusoup::stock::session::event::Event as Told;
use stock_grpc::tofusoup::stock::session::{Command, Event, Events, Failure, Hello, Role};

/// A session in a thread of its own.
pub struct Runner {
    input: Option<PipeWriter>,
    output: PipeReader,
    program: Option<JoinHandle<Result<(), session::Error>>>,
    sent: u32,
}

impl Runner {
    /// Starts a server's session.
    pub fn server() -> Self {
        Self::start(Role::Server)
    }

    /// Starts a client's session.
    pub fn client() -> Self {
        Self::start(Role::Client)
    }

    fn start(role: Role) -> Self {
        let (stdin, input) = pipe().unwrap();
        let (output, stdout) = pipe().unwrap();
        let program = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            match role {
                Role::Client => runtime.block_on(session::call(stdin, stdout)),
                _ => runtime.block_on(session::serve(
                    stdin,
                    stdout,
                    Duration::ZERO,
                    std::future::pending(),
                )),
            }
        });
        let mut runner = Self {
            input: Some(input),
            output,
            program: Some(program),
            sent: 0,
        };
        let Told::Hello(Hello {
            protocol: 1,
            language,
            ..
        }) = runner.told()
        else {
            panic!("no Hello first");
        };
        assert_eq!(language, "rust");
        runner
    }

    /// Sends a command.
    pub fn say(&mut self, command: Do) {
        self.sent += 1;
        let body = Command {
            id: self.sent,
            command: Some(command),
        }
        .encode_to_vec();
        self.write(&[&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &body].concat());
    }

    /// Sends bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Receives an event.
    pub fn told(&mut self) -> Told {
        let mut length = [0; 4];
        self.output.read_exact(&mut length).unwrap();
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.output.read_exact(&mut body).unwrap();
        Event::decode(body.as_slice()).unwrap().event.unwrap()
    }

    /// Sends a command, and expects it to be refused.
    pub fn refused(&mut self, command: Do, reason: &str) {
        self.say(command);
        assert_eq!(
            self.told(),
            Told::Failure(Failure {
                id: self.sent,
                reason: reason.to_owned()
            })
        );
    }

    /// Receives a call's events.
    pub fn events(&mut self) -> Events {
        match self.told() {
            Told::Events(events) => events,
            other => panic!("{other:?} where events were expected"),
        }
    }

    /// Ends the input; returns how the program ended.
    pub fn end(mut self) -> Result<(), session::Error> {
        drop(self.input.take());
        self.program.take().unwrap().join().unwrap()
    }
}

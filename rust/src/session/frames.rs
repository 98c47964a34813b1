//! Frames: four bytes of length, big-endian, then that many bytes of one message.

use std::fmt;
use std::io::{self, BufReader, Read};
use std::thread;

use bytes::{BufMut, BytesMut};
use prost::Message;
use stock_grpc::tofusoup::stock::session::{Command, Event};
use tokio::sync::mpsc;

/// Size of the longest frame.
pub(super) const MAX_FRAME_BYTES: usize = 16 << 20;

const LENGTH_BYTES: usize = 4;

/// Commands that have been read and not yet obeyed.
const READ_AHEAD: usize = 256;

/// Standard input is not a stream of frames, or cannot be read. It ends the session.
#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self("standard input ends within a frame".to_owned()),
            _ => Self(format!("reading a frame: {error}")),
        }
    }
}

/// Reads commands, in a thread of its own, until input ends. The thread is left behind where nobody
/// wants them any more: it ends with the input.
pub(super) fn commands(
    input: impl Read + Send + 'static,
) -> mpsc::Receiver<Result<Command, Error>> {
    let (sender, commands) = mpsc::channel(READ_AHEAD);
    thread::spawn(move || {
        let mut input = BufReader::with_capacity(1 << 16, input);
        while let Some(command) = read(&mut input).transpose() {
            let failed = command.is_err();
            if sender.blocking_send(command).is_err() || failed {
                return;
            }
        }
    });
    commands
}

/// Reads the next command; `None` at the end of the input.
fn read(input: &mut impl Read) -> Result<Option<Command>, Error> {
    let mut length = [0; LENGTH_BYTES];
    let mut got = 0;
    while got < LENGTH_BYTES {
        match input.read(&mut length[got..]) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME_BYTES {
        return Err(Error(format!(
            "a frame of {length} bytes; at most {MAX_FRAME_BYTES}"
        )));
    }
    let mut body = BytesMut::zeroed(length);
    input.read_exact(&mut body)?;
    // What a command holds of bytes is not copied out of the frame.
    let command = Command::decode(body.freeze());
    command
        .map(Some)
        .map_err(|_| Error("a frame does not decode as a Command".to_owned()))
}

/// Appends a frame. An event that is too large for one is refused, and nothing appended.
pub(super) fn append(buffer: &mut BytesMut, event: &Event) -> Result<(), Error> {
    let length = event.encoded_len();
    match u32::try_from(length) {
        Ok(prefix) if length <= MAX_FRAME_BYTES => {
            buffer.reserve(LENGTH_BYTES + length);
            buffer.put_u32(prefix);
            event
                .encode(buffer)
                .map_err(|error| Error(format!("writing a frame: {error}")))
        }
        _ => Err(Error(format!(
            "an event of {length} bytes; a frame has at most {MAX_FRAME_BYTES}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use stock_grpc::tofusoup::stock::session::{Cancel, Failure, command, event};

    use super::*;

    fn frame(message: &impl Message) -> Vec<u8> {
        let body = message.encode_to_vec();
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &body].concat()
    }

    fn cancel(id: u32) -> Command {
        Command {
            id,
            command: Some(command::Command::Cancel(Cancel { call: 7 })),
        }
    }

    #[test]
    fn frames_are_read_to_the_end_of_the_input() {
        let input = [frame(&cancel(1)), frame(&cancel(2))].concat();
        let mut commands = commands(io::Cursor::new(input));
        assert_eq!(commands.blocking_recv().unwrap().unwrap(), cancel(1));
        assert_eq!(commands.blocking_recv().unwrap().unwrap(), cancel(2));
        assert!(commands.blocking_recv().is_none());
    }

    #[test]
    fn what_is_no_frame_is_named() {
        let whole = frame(&cancel(1));
        for (input, reason) in [
            (&whole[..2], "standard input ends within a frame"),
            (
                &whole[..whole.len() - 1],
                "standard input ends within a frame",
            ),
            (b"\0\0\0\x01\xff", "a frame does not decode as a Command"),
            (
                b"\x01\0\0\x01",
                "a frame of 16777217 bytes; at most 16777216",
            ),
        ] {
            assert_eq!(read(&mut &*input).unwrap_err().to_string(), reason);
        }
    }

    #[test]
    fn an_event_too_large_leaves_the_buffer_as_it_was() {
        let event = |bytes| Event {
            event: Some(event::Event::Failure(Failure {
                id: 1,
                reason: "x".repeat(bytes),
            })),
        };
        let mut buffer = BytesMut::new();
        append(&mut buffer, &event(1)).unwrap();
        assert_eq!(buffer, frame(&event(1)));
        append(&mut buffer, &event(MAX_FRAME_BYTES)).unwrap_err();
        assert_eq!(buffer, frame(&event(1)));
    }
}

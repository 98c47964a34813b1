//! A client's limit of messages, beneath tonic's stubs: these say `OUT_OF_RANGE` of a message over
//! their own, which is `RESOURCE_EXHAUSTED` to all others.

use bytes::Bytes;
use http_body::Frame;
use tonic::Status;

use crate::answer::Watch;

/// Bytes before each message: a flag, and its length.
const PREFIX: usize = 5;

/// Ends an answer at its first message over a limit. Of what is compressed it counts what travels:
/// the stub's own limit, which it should have too, counts the rest.
#[derive(Clone)]
pub struct Limit {
    max: usize,
    /// What has come of the prefix of a message.
    prefix: [u8; PREFIX],
    came: usize,
    /// What is still to come of the message behind it.
    left: usize,
}

impl Limit {
    /// Returns a limit in bytes, for an answer from its beginning.
    pub fn new(max: usize) -> Self {
        Self {
            max,
            prefix: [0; PREFIX],
            came: 0,
            left: 0,
        }
    }

    /// Goes on by what has come. Returns the length of a message over the limit, and where in
    /// `data` its prefix is complete.
    fn pass(&mut self, data: &[u8]) -> Option<(usize, usize)> {
        let mut at = 0;
        while at < data.len() {
            if self.left > 0 {
                let step = self.left.min(data.len() - at);
                self.left -= step;
                at += step;
                continue;
            }
            let step = (PREFIX - self.came).min(data.len() - at);
            self.prefix[self.came..self.came + step].copy_from_slice(&data[at..at + step]);
            self.came += step;
            at += step;
            if self.came == PREFIX {
                let [_, length @ ..] = self.prefix;
                self.came = 0;
                self.left = u32::from_be_bytes(length) as usize;
                if self.left > self.max {
                    return Some((self.left, at));
                }
            }
        }
        None
    }
}

impl Watch for Limit {
    /// Passes on what has come, but of a message over the limit not its whole prefix.
    fn frame(&mut self, frame: Frame<Bytes>) -> (Frame<Bytes>, Option<Status>) {
        let mut data = match frame.into_data() {
            Ok(data) => data,
            Err(trailers) => return (trailers, None),
        };
        let over = self.pass(&data).map(|(length, end)| {
            data.truncate(end - 1);
            Status::resource_exhausted(format!("message of {length} bytes; at most {}", self.max))
        });
        (Frame::data(data), over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three messages: of no bytes, of two, of three.
    const STREAM: &[u8] = b"\0\0\0\0\0\0\0\0\0\x02ab\x01\0\0\0\x03cde";

    /// Returns what `STREAM` in pieces of a size comes to, under a limit.
    fn over(max: usize, size: usize) -> Option<(usize, usize)> {
        let mut limit = Limit::new(max);
        STREAM.chunks(size).enumerate().find_map(|(piece, data)| {
            let (length, at) = limit.pass(data)?;
            Some((length, piece * size + at))
        })
    }

    #[test]
    fn a_message_over_the_limit_is_found_however_it_is_cut() {
        for size in 1..=STREAM.len() {
            assert_eq!(over(3, size), None, "in pieces of {size}");
            assert_eq!(over(2, size), Some((3, 17)), "in pieces of {size}");
            assert_eq!(over(1, size), Some((2, 10)), "in pieces of {size}");
        }
    }
}

//! Where messages end in the bytes of a stream.

const PREFIX_BYTES: usize = 5;

/// Follows a stream of messages, each behind a flag and four bytes of length.
#[derive(Default)]
pub(super) struct Messages {
    prefix: [u8; PREFIX_BYTES],
    filled: usize,
    rest: usize,
}

impl Messages {
    /// Goes on to the end of the next message that ends in `data`; returns how many bytes that
    /// were. `None` stands for all of `data` and no end.
    pub(super) fn next_end(&mut self, data: &[u8]) -> Option<usize> {
        let mut used = 0;
        if self.filled < PREFIX_BYTES {
            used = data.len().min(PREFIX_BYTES - self.filled);
            self.prefix[self.filled..self.filled + used].copy_from_slice(&data[..used]);
            self.filled += used;
            if self.filled < PREFIX_BYTES {
                return None;
            }
            let [_, length @ ..] = self.prefix;
            self.rest = u32::from_be_bytes(length) as usize;
        }
        let body = self.rest.min(data.len() - used);
        self.rest -= body;
        if self.rest > 0 {
            return None;
        }
        self.filled = 0;
        Some(used + body)
    }
}

#[cfg(test)]
mod tests {
    use super::Messages;

    /// The ends of the messages in pieces of a stream, from its start.
    fn ends(pieces: &[&[u8]]) -> Vec<usize> {
        let mut messages = Messages::default();
        let (mut ends, mut position) = (Vec::new(), 0);
        for piece in pieces {
            let mut rest = *piece;
            while let Some(used) = messages.next_end(rest) {
                position += used;
                ends.push(position);
                rest = &rest[used..];
            }
            position += rest.len();
        }
        ends
    }

    #[test]
    fn an_end_is_found_however_the_stream_is_cut() {
        let stream = b"\0\0\0\0\x02ab\0\0\0\0\0\x01\0\0\0\x01c";
        assert_eq!(ends(&[stream]), [7, 12, 18]);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(ends(&bytes), [7, 12, 18]);
        assert_eq!(
            ends(&[&stream[..3], &stream[3..17], &stream[17..]]),
            [7, 12, 18]
        );
    }

    #[test]
    fn half_a_message_has_no_end() {
        assert_eq!(ends(&[b"\0\0\0\0\x02a"]), []);
        assert_eq!(ends(&[b"\0\0\0"]), []);
    }
}

//! How much of a connection may wait to be read.

/// Bytes that a peer may send on all calls of a connection before they are read; each call has its own
/// window besides. h2 also ends a connection on which many small DATA frames wait, by a budget that is
/// half of this window: a frame costs 256 bytes less those it has. hyper's own 1 MiB for servers is
/// 2,200 messages, which three calls of a thousand use up where the server is short of time; this is
/// 32,000. It is as far as grpc-go lets its windows grow.
pub const CONNECTION_WINDOW: u32 = 16 << 20;

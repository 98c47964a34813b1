//! Sessions of both programs, over pipes, as a runner drives them.

use runner::Runner;
use stock_grpc::tofusoup::stock as pb;
use stock_grpc::tofusoup::stock::session::command::Command as Do;
use stock_grpc::tofusoup::stock::session::event::Event as Told;
use stock_grpc::tofusoup::stock::session::{
    Cancel, Listen, Metadata, OpenChannel, Receive, Request, Rpc, Security, Send, Start, Status,
    Stop, request, response,
};
use tonic::Code;

fn put(key: &str) -> Request {
    Request {
        request: Some(request::Request::Put(pb::PutRequest {
            key: key.to_owned(),
            value: "v".into(),
        })),
    }
}

fn order(quantity: i32) -> Request {
    let order = pb::TradeOrder {
        symbol: "acme".to_owned(),
        quantity,
        ..pb::TradeOrder::default()
    };
    Request {
        request: Some(request::Request::Trade(order)),
    }
}

fn listen() -> Do {
    Do::Listen(Listen {
        listener: 1,
        host: "127.0.0.1".to_owned(),
        security: Security::Plaintext.into(),
        ..Listen::default()
    })
}

/// A server's session with a listener, and a client's with a channel to it.
fn pair() -> (Runner, Runner) {
    let mut server = Runner::server();
    server.say(listen());
    let Told::Listening(listening) = server.told() else {
        panic!("no Listening");
    };
    let mut client = Runner::client();
    client.say(Do::OpenChannel(OpenChannel {
        channel: 1,
        host: "127.0.0.1".to_owned(),
        port: listening.port,
        security: Security::Plaintext.into(),
        ..OpenChannel::default()
    }));
    (server, client)
}

fn start(call: u32, rpc: Rpc, requests: Vec<Request>) -> Start {
    Start {
        call,
        channel: 1,
        rpc: rpc.into(),
        requests,
        ..Start::default()
    }
}

#[test]
fn a_unary_call_is_one_frame() {
    let (server, mut client) = pair();
    client.say(Do::Start(start(1, Rpc::Put, vec![put("k")])));
    let events = client.events();
    assert!(events.headers.is_some() && events.at_ns > 0);
    assert_eq!(
        events.responses[0].response,
        Some(response::Response::Put(pb::Empty {}))
    );
    assert_eq!(
        events.status,
        Some(Status {
            trailers: Some(Metadata::default()),
            ..Status::default()
        })
    );
    client.say(Do::Start(start(2, Rpc::Put, vec![put("")])));
    let status = client.events().status.unwrap();
    assert_eq!(status.code, Code::InvalidArgument as u32);
    client.end().unwrap();
    server.end().unwrap();
}

#[test]
fn a_stream_is_read_by_credit_and_cancelled() {
    let (server, mut client) = pair();
    client.say(Do::Start(Start {
        credit: 1,
        ..start(1, Rpc::Trade, vec![order(1), order(2)])
    }));
    let mut fills = Vec::new();
    while fills.is_empty() {
        fills.extend(client.events().responses);
    }
    assert_eq!(fills.len(), 1, "no more than the credit");
    client.say(Do::Receive(Receive { call: 1, credit: 0 }));
    client.say(Do::Send(Send {
        call: 1,
        requests: vec![order(3)],
    }));
    while fills.len() < 3 {
        fills.extend(client.events().responses);
    }
    client.say(Do::Cancel(Cancel { call: 1 }));
    assert_eq!(client.events().status.unwrap().code, Code::Cancelled as u32);
    // It has ended, which the runner could not know.
    client.say(Do::Cancel(Cancel { call: 1 }));
    client.refused(
        Do::Cancel(Cancel { call: 2 }),
        "call: 2 given, which never was one",
    );
    client.end().unwrap();
    server.end().unwrap();
}

#[test]
fn what_was_not_sent_is_counted() {
    let mut client = Runner::client();
    client.say(Do::OpenChannel(OpenChannel {
        channel: 1,
        host: "127.0.0.1".to_owned(),
        port: 1,
        security: Security::Plaintext.into(),
        ..OpenChannel::default()
    }));
    client.say(Do::Start(start(1, Rpc::Trade, vec![order(1), order(2)])));
    let status = client.events().status.unwrap();
    assert_eq!((status.code, status.unsent), (Code::Unavailable as u32, 2));
    client.end().unwrap();
}

#[test]
fn a_command_that_cannot_be_obeyed_is_a_failure() {
    let mut client = Runner::client();
    let open = OpenChannel {
        channel: 1,
        host: "127.0.0.1".to_owned(),
        port: 1,
        ..OpenChannel::default()
    };
    client.refused(listen(), "command: one for a client expected");
    client.refused(
        Do::OpenChannel(open.clone()),
        "security: plaintext, tls or mtls expected",
    );
    let plaintext = OpenChannel {
        security: Security::Plaintext.into(),
        ..open
    };
    let named = OpenChannel {
        host: "localhost".to_owned(),
        ..plaintext.clone()
    };
    client.refused(
        Do::OpenChannel(named),
        "host: \"localhost\" given, a literal address expected",
    );
    client.refused(
        Do::Start(start(1, Rpc::Put, vec![put("k")])),
        "channel: 1 given, which is not open",
    );
    client.say(Do::OpenChannel(plaintext));
    client.refused(
        Do::Start(start(1, Rpc::Put, vec![])),
        "requests: 0 given, RPC_PUT takes exactly 1",
    );
    client.refused(
        Do::Start(start(1, Rpc::Put, vec![order(1)])),
        "requests: one is not of the rpc's type",
    );
    client.refused(
        Do::Start(start(1, Rpc::Unspecified, vec![])),
        "rpc: 0 given, a method expected",
    );
    client.refused(
        Do::Start(start(0, Rpc::Trade, vec![])),
        "call: 0 given, a number over 0 expected",
    );
    client.end().unwrap();
}

#[test]
fn a_server_refuses_what_it_cannot_serve() {
    let mut server = Runner::server();
    let Do::Listen(good) = listen() else {
        unreachable!()
    };
    let open = Listen {
        host: "0.0.0.0".to_owned(),
        ..good.clone()
    };
    server.refused(
        Do::Listen(open),
        "host: 0.0.0.0 given, plaintext is for loopback",
    );
    let bad = Listen {
        security: Security::Tls.into(),
        ..good
    };
    server.refused(Do::Listen(bad), "identity: chain: no PEM certificate");
    server.refused(
        Do::Stop(Stop {
            listener: 1,
            grace_ms: 0,
        }),
        "listener: 1 given, which is not open",
    );
    server.say(listen());
    assert!(matches!(server.told(), Told::Listening(_)));
    server.say(Do::Stop(Stop {
        listener: 1,
        grace_ms: 0,
    }));
    assert!(matches!(server.told(), Told::Stopped(_)));
    server.end().unwrap();
}

#[test]
fn what_is_no_frame_ends_the_session() {
    let mut server = Runner::server();
    server.write(b"\0\0\0\x01");
    assert_eq!(
        server.end().unwrap_err().to_string(),
        "standard input ends within a frame"
    );
}

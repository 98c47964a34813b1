//! A library of one function, over a generated one.

use stock_grpc::tofusoup::stock::GetRequest;

/// Returns what a request asks for.
pub fn greeting(key: &str) -> String {
    let request = GetRequest {
        key: key.to_owned(),
    };
    format!("{} asks for {:?}", env!("GREETER"), request.key)
}

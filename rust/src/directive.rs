//! Conformance mode: does to a call what the directive in its metadata says, without the handlers
//! knowing.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use prost::Message;
use stock_grpc::tofusoup::stock::session::{self, Observed};
use tonic::body::Body;
use tonic::{Code, Status};

use self::body::{RequestBody, ResponseBody};
use self::observe::{Counts, Observer};
use crate::metadata;
use crate::routes::{Routes, survive};
use crate::store::Stores;

mod body;
mod messages;
mod observe;

const NAME: &str = "stock-directive-bin";
const ACCEPT: &str = "grpc-accept-encoding";
const ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");

/// Told of each observation, once, from any thread. It does not block.
pub type Report = Arc<dyn Fn(Observed) + Send + Sync>;

/// Obeys directives.
pub struct Director {
    stores: Arc<Stores>,
    report: Option<Report>,
}

/// A directive that can be obeyed.
struct Directive {
    asked: session::Directive,
    headers: HeaderMap,
    trailers: HeaderMap,
    fail: Option<Fail>,
}

/// How a call is to end.
#[derive(Clone)]
struct Fail {
    status: Status,
    /// Instead of the handler where it is 0, or where the method counts nothing.
    after: u32,
}

/// What the `after` of a `Fail` counts.
#[derive(Clone, Copy, PartialEq)]
enum Counted {
    Nothing,
    Requests,
    Responses,
}

impl Director {
    /// Returns a director over some stores; without a report nobody is told of observations.
    pub fn new(stores: Arc<Stores>, report: Option<Report>) -> Self {
        Self { stores, report }
    }

    /// Answers a call by the services, as its directive says.
    pub async fn call(&self, mut request: Request<Body>, routes: Arc<Routes>) -> Response<Body> {
        let Some(value) = request.headers().get(NAME) else {
            return undirected(request, &routes).await;
        };
        let Some(directive) = Directive::decode(value) else {
            return Status::invalid_argument("bad directive").into_http();
        };
        let counts = Arc::new(Counts::default());
        let report = self
            .report
            .as_ref()
            .filter(|_| !directive.asked.tag.is_empty());
        let tag = &directive.asked.tag;
        let observer =
            report.map(|report| Observer::new(report, tag, &request, Arc::clone(&counts)));
        let encoding = directive.encoding(&mut request);
        request
            .extensions_mut()
            .insert(self.stores.named(&directive.asked.store));
        let request = request.map(|inner| RequestBody::new(inner, Arc::clone(&counts)));
        let body = ResponseBody::new(
            directive.trailers.clone(),
            directive.cut(&request),
            counts,
            observer,
        );
        let mut headers = directive.headers.clone();
        let headers_first = directive.asked.headers_first;
        let answer = Box::pin(survive(directive.obey(request, routes)));
        if headers_first {
            headers.extend(encoding.map(|encoding| (ENCODING, encoding)));
            body.before(headers, answer)
        } else {
            body.around(headers, answer.await)
        }
    }
}

/// Answers a call that no directive directs. Responses are compressed for a directive only.
pub async fn undirected(mut request: Request<Body>, routes: &Routes) -> Response<Body> {
    request.headers_mut().remove(ACCEPT);
    routes.call(request).await
}

impl Directive {
    fn decode(value: &HeaderValue) -> Option<Self> {
        let bytes = metadata::BASE64.decode(value).ok()?;
        let mut asked = session::Directive::decode(bytes.as_slice()).ok()?;
        let headers = metadata::to_headers(&asked.headers.take().unwrap_or_default()).ok()?;
        let trailers = metadata::to_headers(&asked.trailers.take().unwrap_or_default()).ok()?;
        let fail = match asked.fail.take() {
            Some(fail) if (1..=16).contains(&fail.code) => {
                let code = Code::from_i32(i32::try_from(fail.code).ok()?);
                Some(Fail {
                    status: Status::with_details(code, fail.message, fail.details),
                    after: fail.after,
                })
            }
            Some(_) => return None,
            None => None,
        };
        Some(Self {
            asked,
            headers,
            trailers,
            fail,
        })
    }

    /// Settles whether responses are compressed: tonic does so where the caller says that it
    /// accepts that. Returns how they will be.
    fn encoding<B>(&self, request: &mut Request<B>) -> Option<HeaderValue> {
        let accepted = request.headers().get(ACCEPT)?.to_str().unwrap_or_default();
        if self.asked.compress
            && accepted
                .split(',')
                .any(|encoding| encoding.trim() == "gzip")
        {
            return Some(HeaderValue::from_static("gzip"));
        }
        request.headers_mut().remove(ACCEPT);
        None
    }

    /// Returns how the responses are to end before the handler's own end.
    fn cut<B>(&self, request: &Request<B>) -> Option<Fail> {
        self.fail
            .clone()
            .filter(|_| counted(request) == Counted::Responses)
    }

    /// Does what is to be done before the handler, and answers with its answer or instead of it.
    async fn obey(self, mut request: Request<RequestBody>, routes: Arc<Routes>) -> Response<Body> {
        if self.asked.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.asked.delay_ms.into())).await;
        }
        assert!(!self.asked.throw, "thrown for a directive");
        let counted = counted(&request);
        match self.fail {
            Some(fail) if fail.after == 0 || counted == Counted::Nothing => fail.status.into_http(),
            Some(fail) if counted == Counted::Requests => {
                let ended = request.body_mut().end_after(fail.after);
                let response = routes.call(request.map(Body::new)).await;
                if ended.get().is_some() {
                    fail.status.into_http()
                } else {
                    response
                }
            }
            _ => routes.call(request.map(Body::new)).await,
        }
    }
}

fn counted<B>(request: &Request<B>) -> Counted {
    match request.uri().path() {
        "/tofusoup.stock.Stock/Batch" => Counted::Requests,
        "/tofusoup.stock.Stock/Monitor" | "/tofusoup.stock.Stock/Trade" => Counted::Responses,
        _ => Counted::Nothing,
    }
}

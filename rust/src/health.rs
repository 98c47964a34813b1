//! `grpc.health.v1.Health`: tonic's own, which does not know how to watch a service that it does
//! not know.

use std::pin::Pin;

use stock_grpc::proto::kv_server;
use stock_grpc::tofusoup::stock::stock_server;
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status};
use tonic_health::ServingStatus::{self, NotServing, Serving};
use tonic_health::pb::health_check_response::ServingStatus as WireStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_server};
use tonic_health::server::{HealthReporter, HealthService};

const NAMES: [&str; 3] = ["", stock_server::SERVICE_NAME, kv_server::SERVICE_NAME];

/// The health of a server's services. A clone shares it.
#[derive(Clone)]
pub struct Health {
    reporter: HealthReporter,
}

impl Health {
    /// Returns health that is `SERVING` by every name.
    pub async fn serving() -> Self {
        let health = Self {
            reporter: HealthReporter::new(),
        };
        health.set(Serving).await;
        health
    }

    /// Turns every name `NOT_SERVING`.
    pub async fn shut_down(&self) {
        self.set(NotServing).await;
    }

    async fn set(&self, status: ServingStatus) {
        for name in NAMES {
            self.reporter.set_service_status(name, status).await;
        }
    }

    fn service(&self) -> HealthService {
        HealthService::from_health_reporter(self.reporter.clone())
    }
}

#[tonic::async_trait]
impl health_server::Health for Health {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        self.service().check(request).await
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        match self.service().watch(request).await {
            Ok(watch) => Ok(watch.map(|stream| Box::pin(stream) as Self::WatchStream)),
            Err(status) if status.code() == Code::NotFound => {
                let unknown = HealthCheckResponse {
                    status: WireStatus::ServiceUnknown.into(),
                };
                let stream = tokio_stream::once(Ok(unknown)).chain(tokio_stream::pending());
                Ok(Response::new(Box::pin(stream)))
            }
            Err(status) => Err(status),
        }
    }
}

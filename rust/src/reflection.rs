//! Server reflection. By hand over tonic's messages: tonic's own server ends the stream at the
//! first symbol that it does not find, where the protocol has an answer for it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use prost::Message;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use stock_grpc::proto::kv_server;
use stock_grpc::tofusoup::stock::stock_server;
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_health::pb::health_server;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{
    ErrorResponse, ExtensionNumberResponse, FileDescriptorResponse, ListServiceResponse,
    ServerReflectionRequest, ServerReflectionResponse, ServiceResponse, server_reflection_server,
};
use tonic_reflection::pb::{v1, v1alpha};

const SERVICES: [&str; 5] = [
    stock_server::SERVICE_NAME,
    kv_server::SERVICE_NAME,
    health_server::SERVICE_NAME,
    server_reflection_server::SERVICE_NAME,
    v1alpha::server_reflection_server::SERVICE_NAME,
];

/// A `FileDescriptorSet` whose files are left as they are: options that prost does not know stay.
#[derive(Clone, PartialEq, prost::Message)]
struct Files {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// What the server says of its services. A clone shares it.
#[derive(Clone)]
pub struct Reflection {
    index: Arc<Index>,
}

#[derive(Default)]
struct Index {
    files: HashMap<String, Arc<[u8]>>,
    symbols: HashMap<String, Arc<[u8]>>,
}

impl Reflection {
    /// Returns reflection over the descriptors of all services. It fails where they do not decode.
    pub fn new() -> Result<Self, prost::DecodeError> {
        let mut index = Index::default();
        for set in [
            stock_grpc::DESCRIPTORS,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            v1::FILE_DESCRIPTOR_SET,
            v1alpha::FILE_DESCRIPTOR_SET,
        ] {
            for file in Files::decode(set)?.file {
                index.add(&FileDescriptorProto::decode(file.as_slice())?, &file.into());
            }
        }
        Ok(Self {
            index: Arc::new(index),
        })
    }
}

#[tonic::async_trait]
impl server_reflection_server::ServerReflection for Reflection {
    type ServerReflectionInfoStream =
        Pin<Box<dyn Stream<Item = Result<ServerReflectionResponse, Status>> + Send>>;

    async fn server_reflection_info(
        &self,
        request: Request<Streaming<ServerReflectionRequest>>,
    ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
        let index = Arc::clone(&self.index);
        let answers = request
            .into_inner()
            .map(move |request| Ok(index.answer(request?)));
        Ok(Response::new(Box::pin(answers)))
    }
}

impl Index {
    fn answer(&self, request: ServerReflectionRequest) -> ServerReflectionResponse {
        let response = match &request.message_request {
            Some(MessageRequest::FileByFilename(name)) => file(self.files.get(name), name),
            Some(MessageRequest::FileContainingSymbol(name)) => file(self.symbols.get(name), name),
            Some(MessageRequest::FileContainingExtension(extension)) => {
                // Nothing here is extended.
                error(
                    Code::NotFound,
                    format!("not found: {}", extension.containing_type),
                )
            }
            Some(MessageRequest::AllExtensionNumbersOfType(name))
                if self.symbols.contains_key(name) =>
            {
                let base_type_name = name.clone();
                MessageResponse::AllExtensionNumbersResponse(ExtensionNumberResponse {
                    base_type_name,
                    extension_number: Vec::new(),
                })
            }
            Some(MessageRequest::AllExtensionNumbersOfType(name)) => file(None, name),
            Some(MessageRequest::ListServices(_)) => {
                MessageResponse::ListServicesResponse(ListServiceResponse {
                    service: SERVICES
                        .map(|name| ServiceResponse {
                            name: name.to_owned(),
                        })
                        .into(),
                })
            }
            None => error(Code::InvalidArgument, "an empty request".to_owned()),
        };
        ServerReflectionResponse {
            valid_host: request.host.clone(),
            original_request: Some(request),
            message_response: Some(response),
        }
    }

    fn add(&mut self, file: &FileDescriptorProto, encoded: &Arc<[u8]>) {
        self.files
            .insert(file.name().to_owned(), Arc::clone(encoded));
        let package = file.package();
        for message in &file.message_type {
            self.add_message(package, message, encoded);
        }
        for kind in &file.enum_type {
            self.add_enum(package, kind, encoded);
        }
        for service in &file.service {
            let name = self.add_symbol(package, service.name(), encoded);
            for method in &service.method {
                self.add_symbol(&name, method.name(), encoded);
            }
        }
    }

    fn add_message(&mut self, scope: &str, message: &DescriptorProto, encoded: &Arc<[u8]>) {
        let name = self.add_symbol(scope, message.name(), encoded);
        for nested in &message.nested_type {
            self.add_message(&name, nested, encoded);
        }
        for kind in &message.enum_type {
            self.add_enum(&name, kind, encoded);
        }
        for field in &message.field {
            self.add_symbol(&name, field.name(), encoded);
        }
        for oneof in &message.oneof_decl {
            self.add_symbol(&name, oneof.name(), encoded);
        }
    }

    fn add_enum(&mut self, scope: &str, kind: &EnumDescriptorProto, encoded: &Arc<[u8]>) {
        self.add_symbol(scope, kind.name(), encoded);
        // The values stand in the scope of the enum, as in C++.
        for value in &kind.value {
            self.add_symbol(scope, value.name(), encoded);
        }
    }

    fn add_symbol(&mut self, scope: &str, name: &str, encoded: &Arc<[u8]>) -> String {
        let name = if scope.is_empty() {
            name.to_owned()
        } else {
            format!("{scope}.{name}")
        };
        self.symbols.insert(name.clone(), Arc::clone(encoded));
        name
    }
}

fn file(found: Option<&Arc<[u8]>>, name: &str) -> MessageResponse {
    match found {
        Some(file) => MessageResponse::FileDescriptorResponse(FileDescriptorResponse {
            file_descriptor_proto: vec![file.to_vec()],
        }),
        None => error(Code::NotFound, format!("not found: {name}")),
    }
}

fn error(code: Code, error_message: String) -> MessageResponse {
    MessageResponse::ErrorResponse(ErrorResponse {
        error_code: code.into(),
        error_message,
    })
}

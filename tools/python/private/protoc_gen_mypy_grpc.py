"""protoc plugin that writes type stubs for gRPC stubs and servicers: mypy-protobuf's console script."""

from mypy_protobuf.main import grpc as main

if __name__ == "__main__":
    main()

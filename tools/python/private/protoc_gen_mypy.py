"""protoc plugin that writes type stubs for messages: mypy-protobuf's console script."""

from mypy_protobuf.main import main

if __name__ == "__main__":
    main()

// What the two programs say of themselves: in Hello, in Inventory and to --version.
#pragma once

#include <string>
#include <string_view>

namespace stock::about {

inline constexpr std::string_view kLanguage = "cpp";
inline constexpr std::string_view kTransport = "grpc-core";
inline constexpr std::string_view kTlsStack = "openssl";

// The project's version.
std::string Version();

// The gRPC library and its version: `grpc++ 1.51.1`.
std::string Library();

// The compiler that built the program, and its version: `gcc 12.2.0`.
std::string Runtime();

// What a program prints for --version: `stock_server 0.1.0 cpp grpc++ 1.51.1`.
std::string Line(std::string_view program);

}  // namespace stock::about

"""What .NET the project needs and what brings it."""

load("//tools/implementation:requirements.bzl", "requirement")

# The one release that will do: what it brings stands in folders of that name.
DOTNET_RELEASE = 10

# Commands that are tried after the bundle, in this order.
DOTNET_COMMANDS = [
    "dotnet",
    "/usr/share/dotnet/dotnet",
    "/usr/lib/dotnet/dotnet",
]
DOTNET = requirement(
    name = ".NET SDK %d" % DOTNET_RELEASE,
    debian = "Debian 12 has none",
    install = "install the .NET SDK 10 with ASP.NET Core, or set STOCK_DOTNET_BUNDLE to a folder with sdk.tar.xz and nuget.tar.xz",
    purpose = "fetches the packages, compiles, and runs the programs",
)

# The bundle for machines that have neither an SDK nor NuGet's registry: file -> sha256.
BUNDLE = {
    "nuget.tar.xz": "33fcb02088d7fac45a2d8c579ce99b8b56c15de399308d8372a8ffadc8c5c541",
    "sdk.tar.xz": "aa41d3fc281b9aac2f46bc220fcf599541a016fd5041411538518b8f7777099f",
}

# The environment of every run of the SDK: nothing is told to anybody, nothing is kept for later.
DOTNET_ENV = {
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_CLI_USE_MSBUILD_SERVER": "0",
    "DOTNET_GENERATE_ASPNET_CERTIFICATE": "false",
    "DOTNET_NOLOGO": "1",
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "MSBUILDDISABLENODEREUSE": "1",
}

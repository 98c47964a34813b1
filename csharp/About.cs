namespace Tofusoup.Stock.Implementation;

/// <summary>What the two programs are: in Hello, in Inventory and to --version.</summary>
public static partial class About
{
    /// <summary>The language's name.</summary>
    public const string Language = "csharp";

    /// <summary>The gRPC library and its version.</summary>
    public const string Library = "grpc-dotnet " + LibraryVersion;

    /// <summary>The HTTP/2 implementation's family: Kestrel serves, SocketsHttpHandler calls.</summary>
    public const string Transport = "dotnet";

    /// <summary>The TLS implementation's family: SslStream over the machine's library.</summary>
    public const string TlsStack = "openssl";

    /// <summary>The runtime and its version, `dotnet 10.0.12`.</summary>
    public static string Runtime => $"dotnet {Environment.Version}";

    /// <summary>What a program prints for --version.</summary>
    public static string Line(string program) => $"{program} {Version} {Language} {Library}";
}

using Grpc.Core;
using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>The program stock_server: what it prints, how it ends.</summary>
public sealed class StockServerTest : IDisposable
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private const string Ready = "Server listening on ";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Case("127.0.0.1", "127.0.0.1")]
    [Case("::1", "::1")]
    [Case("localhost", "127.0.0.1")]
    public async Task ServesUntilASignal(string host, string literal)
    {
        using var server = new ProgramRun("SERVER", "--host", host, "--port", "0");
        var endpoint = await Endpoint(server);
        Check.Equal(literal, endpoint.Host);
        using var channel = new ClientChannel(endpoint);
        await channel.Stock.PutAsync(new PutRequest { Key = "k" }, Peers.Options);
        server.Signal(Sigterm);
        Check.Equal(0, await server.Code());
        Check.Equal(("", ""), (await server.Output.ReadToEndAsync(), await server.Error));
    }

    [Test]
    public async Task ASecondSignalEnds()
    {
        using var server = new ProgramRun("SERVER", "--port", "0", "--grace-seconds", "999999999");
        using var channel = new ClientChannel(await Endpoint(server));
        using var trade = channel.Stock.Trade(Peers.Options);
        await trade.RequestStream.WriteAsync(new TradeOrder { Symbol = "acme", Quantity = 1 });
        Check.True(await trade.ResponseStream.MoveNext(), "a fill");
        server.Signal(Sigterm);
        server.Signal(Sigint);
        Check.Equal(0, await server.Code());
    }

    [Test]
    public async Task EndOfInputEndsASession()
    {
        var (code, output, _) = await ProgramRun.ToEnd("SERVER", [], "--session");
        Check.Equal(0, code);
        Check.Contains(About.Library, output);
        (code, _, var error) = await ProgramRun.ToEnd("SERVER", [0], "--session");
        Check.Equal((4, "standard input ends within a frame\n"), (code, error));
    }

    [Test]
    public async Task Prints()
    {
        Check.Equal(
            (0, $"stock_server {About.Version} csharp {About.Library}\n", ""),
            await ProgramRun.ToEnd("SERVER", [], "--version")
        );
        var (code, output, _) = await ProgramRun.ToEnd("SERVER", [], "--help");
        Check.Equal((0, ServerOptions.Usage), (code, output));
        Check.Equal(
            (2, "", "unknown flag: --bogus\n" + ServerOptions.Usage),
            await ProgramRun.ToEnd("SERVER", [], "--bogus")
        );
    }

    [Test]
    public async Task WhatCannotBeBoundIsExit3()
    {
        using var server = new ProgramRun("SERVER", "--port", "0");
        var port = $"{(await Endpoint(server)).Port}";
        await IsOneLine(3, "--port", port);
        await IsOneLine(3, "--port", "0", "--host", "192.0.2.1", "--allow-plaintext-network");
        await IsOneLine(3, "--port", "0", "--host", "no.such.name.invalid", "--allow-plaintext-network");
    }

    [Test]
    public async Task UnusableFilesAreExit2()
    {
        using var authority = new TestCerts("p256");
        var identity = authority.Issue();
        var (good, key) = (Write("chain.pem", identity.ChainPem), Write("key.pem", identity.KeyPem));
        var (other, empty) = (Write("other.pem", authority.Issue().KeyPem), Write("empty.pem", []));
        foreach (
            var arguments in new string[][]
            {
                ["--tls-mode", "tls", "--cert-file", good, "--key-file", key + ".missing"],
                ["--tls-mode", "tls", "--cert-file", good, "--key-file", other],
                ["--tls-mode", "tls", "--cert-file", empty, "--key-file", key],
                ["--tls-mode", "tls", "--cert-file", key, "--key-file", good],
                ["--tls-mode", "mtls", "--cert-file", good, "--key-file", key, "--client-ca-file", key],
                ["--tls-mode", "mtls", "--cert-file", good, "--key-file", key, "--client-ca-file", _folder.FullName],
            }
        )
        {
            await IsOneLine(2, [.. arguments, "--port", "0"]);
        }
        using var server = new ProgramRun(
            "SERVER",
            "--port=0",
            "--tls-mode=manual",
            "--cert-file",
            good,
            "--key-file",
            key
        );
        await Endpoint(server);
    }

    [Test]
    public async Task WhatCannotBePrintedIsAnInternalFault()
    {
        foreach (var argument in new[] { "--help", "--version", "--port=0" })
        {
            var program = Path.GetFullPath(Environment.GetEnvironmentVariable("SERVER")!);
            var (code, _, error) = await ProgramRun.ToEnd(
                "SHELL",
                [],
                "-c",
                "exec \"$@\" >/dev/full",
                "sh",
                program,
                argument
            );
            Check.Equal((4, "cannot write to standard output: No space left on device\n"), (code, error));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<Endpoint> Endpoint(ProgramRun server)
    {
        var line = await server.Line();
        Check.True(line.StartsWith(Ready, StringComparison.Ordinal), $"the ready line, got {line}");
        Check.True(Endpoints.TryParse(line[Ready.Length..], out var host, out var port), $"an endpoint in {line}");
        return new Endpoint(host, port, null, "", 4 << 20);
    }

    private static async Task IsOneLine(int expected, params string[] arguments)
    {
        var (code, output, error) = await ProgramRun.ToEnd("SERVER", [], arguments);
        Check.Equal((expected, "", 1), (code, output, error.Count(character => character == '\n')));
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}

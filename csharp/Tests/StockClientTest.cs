using System.Text;
using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>The program stock_client: its operations, what it prints, how it ends.</summary>
public sealed class StockClientTest
{
    private const int Sigint = 2;

    /// <summary>A machine may be busy: what is tested is not how long a call takes.</summary>
    private const string Unhurried = "--timeout-seconds=60";

    [Test]
    public async Task Operations()
    {
        await using var peers = await Peers.Start();
        var server = peers.Listener.Endpoint.ToString();
        foreach (
            var (line, input, code, output, error) in new[]
            {
                ("get|k", "", 69, "", "NOT_FOUND: key not found: k\n"),
                ("put|k|v\n", "", 0, "OK\n", ""),
                ("get|k", "", 0, "v\n\n", ""),
                ("put|-5|-", "\0\xFF", 0, "OK\n", ""),
                ("kv-get|-5", "", 0, "\0\xFF\n", ""),
                ("kv-put|k|", "", 0, "OK\n", ""),
                ("get|k", "", 0, "\n", ""),
                ("delete|k", "", 0, "OK\n", ""),
                ("delete|k", "", 69, "", "NOT_FOUND: key not found: k\n"),
                ("get|", "", 67, "", "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n"),
                ("batch|a=1|=2|b=3=3", "", 0, "total=3 successful=2 failed=1 bytes=4\n", ""),
                ("batch", "a=1\n\n \nb=\xFF", 0, "total=2 successful=2 failed=0 bytes=2\n", ""),
                ("batch", "", 0, "total=0 successful=0 failed=0 bytes=0\n", ""),
                (
                    "trade|buy:a\tb:5|sell:a\tb:6|query:",
                    "",
                    0,
                    "ok\ta\\tb\t5\tbought\nrejected\ta\\tb\t0\tinsufficient position: have 5, want 6\nrejected\t\t0\tinvalid symbol\n",
                    ""
                ),
                ("health", "", 0, "SERVING\n", ""),
                ("health|proto.KV", "", 0, "SERVING\n", ""),
                ("health|nobody", "", 69, "", "NOT_FOUND: unknown service: nobody\n"),
                ("monitor|--timeout-seconds|0.05", "", 68, "", "DEADLINE_EXCEEDED: \n"),
            }
        )
        {
            string[] arguments = [Unhurried, .. line.Split('|'), "--server", server];
            Check.Equal(
                (code, output, error),
                await ProgramRun.ToEnd("CLIENT", Encoding.Latin1.GetBytes(input), arguments)
            );
        }
        Check.Equal(1, peers.Config.Stores.Default.Get("b").Length);
    }

    [Test]
    public async Task Inventory()
    {
        await using var peers = await Peers.Start();
        var (code, output, _) = await Run(peers, "inventory");
        Check.Equal(0, code);
        Check.Equal(
            [
                "items=0",
                "bytes=0",
                $"server_version={About.Version}",
                "metadata.language=csharp",
                $"metadata.library={About.Library}",
                $"metadata.runtime={About.Runtime}",
                "metadata.security=plaintext",
                "metadata.tls_stack=openssl",
                "metadata.transport=dotnet",
                "",
            ],
            output.Split('\n').Where(line => !line.StartsWith("uptime_seconds=", StringComparison.Ordinal)).ToList()
        );
    }

    [Test]
    public async Task MonitorPrintsCountEvents()
    {
        await using var peers = await Peers.Start();
        using var monitor = new ProgramRun(
            "CLIENT",
            "monitor",
            "a*",
            "--count",
            "2",
            "--timeout-seconds",
            "0",
            "--server",
            $"{peers.Listener.Endpoint}"
        );
        var first = monitor.Line();
        while (!first.IsCompleted)
        {
            // Only an event tells that it has begun.
            peers.Config.Stores.Default.Put("a\t", new byte[] { 0x76, 0xFF });
            await Task.Yield();
        }
        Check.Equal("PUT\ta\\t\tv\\xFF", (await first)[((await first).IndexOf('\t') + 1)..]);
        Check.Equal(0, await monitor.Code());
    }

    [Test]
    public async Task InterruptIsExit130()
    {
        await using var peers = await Peers.Start();
        using var monitor = new ProgramRun(
            "CLIENT",
            "monitor",
            "--timeout-seconds",
            "0",
            "--server",
            $"{peers.Listener.Endpoint}"
        );
        var first = monitor.Line();
        while (!first.IsCompleted)
        {
            peers.Config.Stores.Default.Put("k", default);
            await Task.Yield();
        }
        monitor.Signal(Sigint);
        Check.Equal(130, await monitor.Code());
    }

    [Case("get|k|--server|127.0.0.1:1", "", 78, "UNAVAILABLE: ")]
    [Case("get|k|--tls|--ca-file|missing.pem", "", 2, "missing.pem: ")]
    [Case("get", "", 2, "get needs KEY\nusage: ")]
    [Case("batch", "a=1\nb\n", 2, "batch: \"b\" given, KEY=VALUE expected\nusage: ")]
    [Case("trade|buy:a", "", 2, "trade: ")]
    public async Task Failures(string line, string input, int code, string reason)
    {
        var (ended, output, error) = await ProgramRun.ToEnd("CLIENT", Encoding.Latin1.GetBytes(input), line.Split('|'));
        Check.Equal((code, ""), (ended, output));
        Check.True(error.StartsWith(reason, StringComparison.Ordinal), $"{reason}, got {error}");
    }

    [Test]
    public async Task ArgumentsAreBytes()
    {
        await using var peers = await Peers.Start();
        var client = Path.GetFullPath(Environment.GetEnvironmentVariable("CLIENT")!);
        var script = $"exec \"$0\" put k \"$(printf 'a\\377')\" --server {peers.Listener.Endpoint}";
        Check.Equal((0, "OK\n", ""), await ProgramRun.ToEnd("SHELL", [], "-c", script, client));
        Check.Equal([(byte)'a', 0xFF], peers.Config.Stores.Default.Get("k").ToArray());
        var (code, _, error) = await ProgramRun.ToEnd(
            "SHELL",
            [],
            "-c",
            "exec \"$0\" get \"$(printf 'a\\377')\"",
            client
        );
        Check.Equal(2, code);
        Check.Contains("get: \"a\\xFF\" given, UTF-8 expected", error);
    }

    [Test]
    public async Task MutualTls()
    {
        using var authority = new TestCerts("p521");
        await using var peers = await Peers.Start(Credentials.Server(authority.Issue(), authority.RootsPem));
        var folder = Directory.CreateTempSubdirectory();
        var own = authority.Issue();
        foreach (
            var (name, content) in new[]
            {
                ("chain.pem", own.ChainPem),
                ("key.pem", own.KeyPem),
                ("roots.pem", authority.RootsPem),
            }
        )
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, name), content);
        }
        string[] roots = ["put", "k", "v", "--tls", "--ca-file", Path.Combine(folder.FullName, "roots.pem")];
        string[] identity =
        [
            "--cert-file",
            Path.Combine(folder.FullName, "chain.pem"),
            "--key-file",
            Path.Combine(folder.FullName, "key.pem"),
        ];
        Check.Equal(78, (await Run(peers, roots)).Code);
        Check.Equal(0, (await Run(peers, [.. roots, .. identity])).Code);
        Check.Equal(0, (await Run(peers, [.. roots, .. identity, "--server-name", "localhost"])).Code);
        Check.Equal(78, (await Run(peers, [.. roots, .. identity, "--server-name", "example.org"])).Code);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task PrintsAndSessions()
    {
        Check.Equal(
            (0, $"stock_client {About.Version} csharp {About.Library}\n", ""),
            await ProgramRun.ToEnd("CLIENT", [], "--version")
        );
        Check.Equal((0, ClientOptions.Usage, ""), await ProgramRun.ToEnd("CLIENT", [], "--help"));
        var (code, output, _) = await ProgramRun.ToEnd("CLIENT", [], "--session");
        Check.Equal(0, code);
        Check.Contains(About.Library, output);
        Check.Equal(4, (await ProgramRun.ToEnd("CLIENT", [0], "--session")).Code);
    }

    private static Task<(int Code, string Output, string Error)> Run(Peers peers, params string[] arguments) =>
        ProgramRun.ToEnd("CLIENT", [], [Unhurried, .. arguments, "--server", $"{peers.Listener.Endpoint}"]);
}

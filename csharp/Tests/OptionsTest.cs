using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>The command lines of both programs, good and bad.</summary>
public sealed class OptionsTest
{
    private const string Files = "--cert-file c --key-file=k ";

    [Case("", "127.0.0.1", 50051, "plaintext", 3.0)]
    [Case("--port 0", "127.0.0.1", 0, "plaintext", 3.0)]
    [Case("--port=1 --port 65535", "127.0.0.1", 65535, "plaintext", 3.0)]
    [Case("--host localhost --conformance", "localhost", 50051, "plaintext", 3.0)]
    [Case("--host ::1 --grace-seconds 0", "::1", 50051, "plaintext", 0.0)]
    [Case("--host 127.9.9.9 --grace-seconds=0.25", "127.9.9.9", 50051, "plaintext", 0.25)]
    [Case("--host 0.0.0.0 --allow-plaintext-network", "0.0.0.0", 50051, "plaintext", 3.0)]
    [Case("--tls-mode disabled", "127.0.0.1", 50051, "plaintext", 3.0)]
    [Case(Files + "--tls-mode tls --host 0.0.0.0", "0.0.0.0", 50051, "tls", 3.0)]
    [Case(Files + "--tls-mode manual", "127.0.0.1", 50051, "tls", 3.0)]
    [Case(Files + "--tls-mode server --client-ca-file r", "127.0.0.1", 50051, "mtls", 3.0)]
    public void Server(string line, string host, int port, string security, double grace)
    {
        var options = ServerOptions.Parse(Split(line));
        Check.Equal(
            (host, port, security, grace),
            (options.Host, options.Port, options.Security, options.Grace.TotalSeconds)
        );
    }

    [Test]
    public void ASessionIsInConformanceMode()
    {
        var options = ServerOptions.Parse("--session", "--grace-seconds", "1");
        Check.Equal((true, true, 1.0), (options.Session, options.Conformance, options.Grace.TotalSeconds));
    }

    [Case("--bogus", "unknown flag: --bogus")]
    [Case("--por 1", "unknown flag: --por")]
    [Case("--port", "--port needs a value")]
    [Case("--port=", "--port: \"\" given")]
    [Case("--port 65536", "--port: \"65536\" given")]
    [Case("--port +1", "--port: \"+1\" given")]
    [Case("--port 1_0", "--port: \"1_0\" given")]
    [Case("--port x --port 1", "--port: \"x\" given")]
    [Case("--host=", "--host: \"\" given")]
    [Case("--conformance=true", "--conformance takes no value")]
    [Case("--grace-seconds 1e3", "--grace-seconds: \"1e3\" given")]
    [Case("--grace-seconds -1", "--grace-seconds: \"-1\" given")]
    [Case("--grace-seconds 1.", "--grace-seconds: \"1.\" given")]
    [Case("--grace-seconds inf", "--grace-seconds: \"inf\" given")]
    [Case("--max-receive-bytes 0", "--max-receive-bytes")]
    [Case("-5", "stray argument: -5")]
    [Case("-- --port", "stray argument: --port")]
    [Case("--tls-mode ssl", "--tls-mode")]
    [Case("--cert-file c", "--cert-file does not go with --tls-mode none")]
    [Case("--tls-mode tls --cert-file c", "--tls-mode tls needs --key-file")]
    [Case("--tls-mode mtls --cert-file c --key-file k", "--tls-mode mtls needs --client-ca-file")]
    [Case(Files + "--tls-mode tls --client-ca-file r", "--client-ca-file does not go with --tls-mode tls")]
    [Case("--host 192.0.2.1", "--allow-plaintext-network")]
    [Case("--host localhost.", "--allow-plaintext-network")]
    [Case("--host 127.1", "--allow-plaintext-network")]
    [Case("--session --port 0", "--session goes without --port")]
    [Case("--tls-mode none --session", "--session goes without --tls-mode")]
    public void ServerUsageNamesTheCulprit(string line, string expected) =>
        Check.Contains(expected, Check.Throws<UsageException>(() => ServerOptions.Parse(Split(line))).Message);

    [Case("get k", "get", "k")]
    [Case("get -5", "get", "-5")]
    [Case("put - -", "put", "- -")]
    [Case("put -- --k --v", "put", "--k --v")]
    [Case("put k --timeout-seconds 0.5 v", "put", "k v")]
    [Case("--timeout-seconds=0 inventory", "inventory", "")]
    [Case("monitor --count 3", "monitor", "")]
    [Case("health --server [::1]:1", "health", "")]
    [Case("kv-get k --server my-host.x:65535", "kv-get", "k")]
    [Case("get k --tls --ca-file a --cert-file b --key-file c --server-name d", "get", "k")]
    public void Client(string line, string operation, string arguments)
    {
        var options = ClientOptions.Parse(Split(line));
        Check.Equal((operation, arguments), (options.Operation, string.Join(' ', options.Arguments)));
    }

    [Test]
    public void ClientDefaultsAndValues()
    {
        var plain = ClientOptions.Parse("get", "k");
        Check.Equal(
            ("127.0.0.1:50051", 5.0, 4194304),
            (plain.Server, plain.Timeout.TotalSeconds, plain.MaxReceiveBytes)
        );
        var given = ClientOptions.Parse("monitor", "--count=3", "--timeout-seconds", "0.5", "--max-receive-bytes", "7");
        Check.Equal((3L, 0.5, 7), (given.Count, given.Timeout.TotalSeconds, given.MaxReceiveBytes));
        var smallest = ClientOptions.Parse("get", "k", "--timeout-seconds", "0.00000000000000000000000000000000001");
        Check.True(smallest.Timeout > TimeSpan.Zero, "a fraction of a tick not to be none");
    }

    [Case("", "an operation is needed")]
    [Case("fetch k", "unknown operation: fetch")]
    [Case("get", "get needs KEY")]
    [Case("get k l", "stray argument: l")]
    [Case("get k --count 1", "--count does not go with get")]
    [Case("get k --ca-file f", "--ca-file needs --tls")]
    [Case("get k --server-name n", "--server-name needs --tls")]
    [Case("get k --tls --cert-file f", "--cert-file needs --key-file")]
    [Case("get k --tls --key-file f", "--key-file needs --cert-file")]
    [Case("get k --server h", "--server")]
    [Case("get k --server :1", "--server")]
    [Case("get k --server h:0", "--server")]
    [Case("get k --server h:http", "--server")]
    [Case("get k --server ::1:1", "--server")]
    [Case("get k --server [h]:1", "--server")]
    [Case("get k --server dns:///h:1", "--server")]
    [Case("--session get", "--session goes without an operation: get")]
    [Case("--session --timeout-seconds 1", "--session goes without --timeout-seconds")]
    [Case("get k --timeout-seconds 1,5", "--timeout-seconds")]
    public void ClientUsageNamesTheCulprit(string line, string expected) =>
        Check.Contains(expected, Check.Throws<UsageException>(() => ClientOptions.Parse(Split(line))).Message);

    [Test]
    public void ItemsSplitAtTheFirstEqualsSign()
    {
        Check.Equal(("k", "v=\uDCFF"), Arguments.ParseItem("k=v=\uDCFF"));
        Check.Throws<UsageException>(() => Arguments.ParseItem("k"));
        Check.Throws<UsageException>(() => Arguments.ParseItem("\uDCFF=v"));
    }

    [Test]
    public void KeysAndSymbolsAreUtf8()
    {
        var refused = Check.Throws<UsageException>(() => ClientOptions.Parse("get", "a\uDCFF"));
        Check.Equal("get: \"a\\xFF\" given, UTF-8 expected", refused.Message);
        Check.Throws<UsageException>(() => Arguments.ParseOrder("buy:\uDCFF:1"));
    }

    [Case("buy:acme:5", OrderKind.Buy, "acme", 5)]
    [Case("sell::-1", OrderKind.Sell, "", -1)]
    [Case("buy:a:b:1", OrderKind.Buy, "a:b", 1)]
    [Case("query:acme", OrderKind.Query, "acme", 0)]
    [Case("query:a:5", OrderKind.Query, "a:5", 0)]
    public void Orders(string argument, OrderKind kind, string symbol, int quantity) =>
        Check.Equal(new Order(kind, symbol, quantity), Arguments.ParseOrder(argument));

    [Case("")]
    [Case("buy")]
    [Case("buy:acme")]
    [Case("buy:acme:")]
    [Case("buy:acme:+5")]
    [Case("buy:acme:2147483648")]
    [Case("hold:acme:1")]
    [Case("query")]
    public void WhatIsNoOrder(string argument) =>
        Check.Contains("trade: ", Check.Throws<UsageException>(() => Arguments.ParseOrder(argument)).Message);

    [Test]
    public void UsageNamesEveryFlag()
    {
        foreach (var flag in new[] { "--host", "--tls-mode", "--allow-plaintext-network", "--session", "--help" })
        {
            Check.Contains(flag, ServerOptions.Usage);
        }
        foreach (var word in new[] { "--count", "kv-put", "monitor", "--server-name" })
        {
            Check.Contains(word, ClientOptions.Usage);
        }
    }

    [Test]
    public void WordsAreBytes()
    {
        byte[] bytes = [.. "a\\é\U0001F600\t"u8, 0xFF, 0xED, 0xA0, 0x80, .. "b"u8];
        var word = Words.Decode(bytes);
        Check.Equal(bytes, Words.Encode(word));
        Check.Equal("a\\\\é\U0001F600\\t\\xFF\\xED\\xA0\\x80b", Words.Escape(word));
        Check.True(!Words.IsText(word) && Words.IsText("é\U0001F600"), "to tell what is UTF-8");
    }

    [Test]
    public void NoLineBreaksTheParsers()
    {
        var random = new Random(1);
        string[] words =
        [
            "get",
            "--port",
            "0",
            "--",
            "---",
            "--=",
            "--port=1",
            "-5",
            "a\uDCFF",
            "--server",
            "[::1]:1",
            "--grace-seconds",
            "999999999.999999999",
            "--session",
            "",
            "--count",
            "buy:a:1",
            "\n",
        ];
        for (var n = 0; n < 2000; n++)
        {
            var line = random.GetItems(words, random.Next(5));
            foreach (var parse in new Action[] { () => ServerOptions.Parse(line), () => ClientOptions.Parse(line) })
            {
                try
                {
                    parse();
                }
                catch (UsageException refused)
                {
                    Check.True(
                        refused.Message.Length > 0 && refused.Message.IndexOfAny(['\n', '\r']) < 0,
                        $"one line, got {refused.Message}"
                    );
                }
            }
        }
    }

    private static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

using System.Net;

namespace Tofusoup.Stock.Implementation;

/// <summary>What stock_server was asked for. Where Help or Version is set the rest means nothing.</summary>
public sealed record ServerOptions
{
    private static readonly string[] Modes = ["none", "tls", "mtls", "disabled", "server", "manual"];

    private readonly Flag[] _flags;
    private string _mode = "none";
    private bool _allowPlaintext;

    private ServerOptions() =>
        _flags = [
            new("host", "H", "address to bind (default 127.0.0.1)", Grammar.Text(value => Host = value)),
            new(
                "port",
                "N",
                "port to bind; 0 = any free one (default 50051)",
                Grammar.Number(value => Port = (int)value, 0, IPEndPoint.MaxPort)
            ),
            new("tls-mode", "MODE", "none, tls or mtls (default none)", SetMode),
            new("cert-file", "F", "the server's certificate chain, PEM", Grammar.Text(value => CertFile = value)),
            new("key-file", "F", "the server's private key, PEM PKCS#8", Grammar.Text(value => KeyFile = value)),
            new(
                "client-ca-file",
                "F",
                "roots for client certificates, PEM; mtls",
                Grammar.Text(value => ClientCaFile = value)
            ),
            new(
                "grace-seconds",
                "S",
                "time for running calls when the server drains (default 3)",
                Grammar.Seconds(value => Grace = value)
            ),
            new(
                "max-receive-bytes",
                "N",
                "largest message read, after decompression (default 4194304)",
                Grammar.Number(value => MaxReceiveBytes = (int)value, 1, Grammar.MaxReceiveBytes)
            ),
            new(
                "allow-plaintext-network",
                "",
                "allow a host beyond loopback without TLS",
                Grammar.Yes(() => _allowPlaintext = true)
            ),
            new("conformance", "", "obey the directives in request metadata", Grammar.Yes(() => Conformance = true)),
            new("session", "", "be driven by frames on standard input and output", Grammar.Yes(() => Session = true)),
            new("help", "", "print this and exit", Grammar.Yes(() => Help = true)),
            new("version", "", "print the version and exit", Grammar.Yes(() => Version = true)),
        ];

    /// <summary>The usage of stock_server.</summary>
    public static string Usage => "usage: stock_server [FLAGS]\n" + Grammar.Usage(new ServerOptions()._flags);

    /// <summary>Print the usage.</summary>
    public bool Help { get; private set; }

    /// <summary>Print the version.</summary>
    public bool Version { get; private set; }

    /// <summary>The address to bind.</summary>
    public string Host { get; private set; } = "127.0.0.1";

    /// <summary>The port to bind; 0: any free one.</summary>
    public int Port { get; private set; } = 50051;

    /// <summary>`plaintext`, `tls` or `mtls`.</summary>
    public string Security { get; private set; } = "plaintext";

    /// <summary>File of the certificate chain; empty: none.</summary>
    public string CertFile { get; private set; } = "";

    /// <summary>File of the private key; empty: none.</summary>
    public string KeyFile { get; private set; } = "";

    /// <summary>File of the roots for client certificates; empty: none.</summary>
    public string ClientCaFile { get; private set; } = "";

    /// <summary>Time for running calls at a drain.</summary>
    public TimeSpan Grace { get; private set; } = TimeSpan.FromSeconds(3);

    /// <summary>The largest message read.</summary>
    public int MaxReceiveBytes { get; private set; } = Grammar.DefaultReceiveBytes;

    /// <summary>Obey directives.</summary>
    public bool Conformance { get; private set; }

    /// <summary>Be driven by frames.</summary>
    public bool Session { get; private set; }

    /// <summary>Reads the command line of stock_server.</summary>
    /// <exception cref="UsageException">It breaks the grammar, or contradicts itself.</exception>
    public static ServerOptions Parse(params string[] words)
    {
        var options = new ServerOptions();
        var arguments = Grammar.Parse(options._flags, words);
        if (options.Help || options.Version)
        {
            return options;
        }
        if (arguments is [var stray, ..])
        {
            throw new UsageException($"stray argument: {Words.Escape(stray)}");
        }
        if (options.Session)
        {
            Grammar.OnlyWithSession(options._flags, "conformance", "grace-seconds");
            options.Conformance = true;
            return options;
        }
        options.Settle();
        return options;
    }

    private string? SetMode(string value)
    {
        _mode = value;
        return Modes.Contains(value) ? null : "none, tls or mtls";
    }

    /// <summary>Replaces the names that upstream gives to modes, and finds contradictions.</summary>
    private void Settle()
    {
        _mode = _mode switch
        {
            "disabled" => "none",
            "server" or "manual" => ClientCaFile.Length > 0 ? "mtls" : "tls",
            var mode => mode,
        };
        CheckFile("cert-file", CertFile, _mode != "none");
        CheckFile("key-file", KeyFile, _mode != "none");
        CheckFile("client-ca-file", ClientCaFile, _mode == "mtls");
        if (_mode != "none")
        {
            Security = _mode;
        }
        else if (!_allowPlaintext && !Loopback(Host))
        {
            throw new UsageException($"--host {Words.Escape(Host)} without TLS needs --allow-plaintext-network");
        }
    }

    private void CheckFile(string flag, string value, bool needed)
    {
        if (value.Length > 0 && !needed)
        {
            throw new UsageException($"--{flag} does not go with --tls-mode {_mode}");
        }
        if (value.Length == 0 && needed)
        {
            throw new UsageException($"--tls-mode {_mode} needs --{flag}");
        }
    }

    private static bool Loopback(string host) =>
        host == "localhost" || (Endpoints.TryLiteral(host, out var address) && IPAddress.IsLoopback(address));
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>PEM material, good and bad, and the handshakes it makes.</summary>
public sealed class CredentialsTest
{
    [Test]
    public async Task MutualHandshakeOfEachKeyType()
    {
        foreach (var keyType in TestCerts.KeyTypes)
        {
            using var authority = new TestCerts(keyType);
            var server = Credentials.Server(authority.Issue(), authority.RootsPem);
            foreach (var name in new[] { "127.0.0.1", "localhost" })
            {
                var (ours, theirs) = await Handshake(
                    server,
                    Credentials.Client(authority.RootsPem, authority.Issue(), name)
                );
                Check.Equal((null, null), (ours?.Message, theirs?.Message));
            }
        }
    }

    [Case("no certificate")]
    [Case("foreign certificate")]
    [Case("unknown authority")]
    [Case("wrong name")]
    [Case("system's roots")]
    public async Task HandshakeRefusals(string fault)
    {
        using var ours = new TestCerts("p256");
        using var other = new TestCerts("p256");
        var server = Credentials.Server(ours.Issue(), ours.RootsPem);
        var roots = fault switch
        {
            "unknown authority" => other.RootsPem,
            "system's roots" => null,
            _ => ours.RootsPem,
        };
        var identity = fault switch
        {
            "no certificate" => null,
            "foreign certificate" => other.Issue(),
            _ => ours.Issue(),
        };
        var name = fault == "wrong name" ? "example.org" : "localhost";
        var (atServer, atClient) = await Handshake(server, Credentials.Client(roots, identity, name));
        Check.True((atServer ?? atClient) is not null, "one end to refuse the other");
        Check.True(
            !fault.EndsWith("certificate", StringComparison.Ordinal) || atServer is not null,
            "the server to refuse"
        );
    }

    [Test]
    public void UnusableMaterialIsOneLine()
    {
        using var authority = new TestCerts("p256");
        var good = authority.Issue();
        byte[] nothing = [];
        byte[] broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"u8.ToArray();
        foreach (
            var (identity, expected) in new[]
            {
                (new Identity(nothing, good.KeyPem), "identity: no PEM certificate"),
                (new Identity(good.ChainPem, nothing), "identity: the key is not a PEM PKCS#8 private key"),
                (new Identity(good.ChainPem, good.ChainPem), "identity: the key is not a PEM PKCS#8 private key"),
                (new Identity(good.KeyPem, good.KeyPem), "identity: PEM block 1 is no certificate"),
                (new Identity(good.ChainPem, authority.Issue().KeyPem), "identity: "),
                (new Identity(broken, good.KeyPem), "identity: PEM block 1: "),
            }
        )
        {
            var failure = Check.Throws<CredentialsException>(() => Credentials.Server(identity, null));
            Check.Contains(expected, failure.Message);
            Check.True(!failure.Message.Contains('\n', StringComparison.Ordinal), "one line");
        }
        Check.Contains(
            "client roots: ",
            Check.Throws<CredentialsException>(() => Credentials.Server(good, nothing)).Message
        );
        Check.Contains(
            "roots: ",
            Check.Throws<CredentialsException>(() => Credentials.Client(broken, null, "x")).Message
        );
    }

    [Test]
    public void FilesMustHaveSomething()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var empty = Path.Combine(folder.FullName, "empty.pem");
            File.WriteAllText(empty, "");
            var full = Path.Combine(folder.FullName, "full.pem");
            File.WriteAllText(full, "text");
            Check.Equal("text", Encoding.UTF8.GetString(Credentials.ReadFile(full)));
            foreach (var path in new[] { empty, folder.FullName, full + ".missing", "" })
            {
                var failure = Check.Throws<CredentialsException>(() => Credentials.ReadFile(path));
                Check.Contains(path, failure.Message);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs both ends of a handshake and a byte in each direction; returns what failed.</summary>
    private static async Task<(Exception? Server, Exception? Client)> Handshake(
        SslServerAuthenticationOptions server,
        SslClientAuthenticationOptions client
    )
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var timeout = new CancellationTokenSource(Peers.Patience);
        using var dialled = new TcpClient();
        await dialled.ConnectAsync((IPEndPoint)listener.LocalEndpoint, timeout.Token);
        using var accepted = await listener.AcceptTcpClientAsync(timeout.Token);
        var atServer = End(accepted, stream => stream.AuthenticateAsServerAsync(server, timeout.Token), timeout.Token);
        var atClient = End(dialled, stream => stream.AuthenticateAsClientAsync(client, timeout.Token), timeout.Token);
        return (await atServer, await atClient);
    }

    private static async Task<Exception?> End(
        TcpClient socket,
        Func<SslStream, Task> authenticate,
        CancellationToken ended
    )
    {
        try
        {
            await using var stream = new SslStream(socket.GetStream());
            await authenticate(stream);
            await stream.WriteAsync(new byte[1], ended);
            return await stream.ReadAsync(new byte[1], ended) == 1 ? null : new EndOfStreamException();
        }
        catch (Exception failure)
            when (failure is System.Security.Authentication.AuthenticationException or IOException)
        {
            return failure;
        }
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>TLS material that cannot be used, in one line.</summary>
public sealed class CredentialsException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>An end's own certificate chain and private key.</summary>
/// <param name="ChainPem">PEM certificates, leaf first.</param>
/// <param name="KeyPem">PEM PKCS#8 private key of the leaf, not encrypted.</param>
public sealed record Identity(byte[] ChainPem, byte[] KeyPem);

/// <summary>PEM material to what SslStream takes.</summary>
public static class Credentials
{
    /// <summary>More than any chain needs: a device without an end must not be read for ever.</summary>
    private const int MaxFileBytes = 4 << 20;

    private const string CertificateLabel = "CERTIFICATE";
    private const string KeyLabel = "PRIVATE KEY";

    /// <summary>
    /// The options of a server: TLS 1.2 or 1.3, ALPN h2, and with client roots (PEM) also mutual TLS, which requires and
    /// verifies the client's certificate. Null stands for no roots.
    /// </summary>
    /// <exception cref="CredentialsException">Something cannot be used.</exception>
    public static SslServerAuthenticationOptions Server(Identity identity, byte[]? clientRootsPem) =>
        new()
        {
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = clientRootsPem is { } roots ? Policy(roots, "client roots") : null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = clientRootsPem is not null,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificateContext = Load(identity),
        };

    /// <summary>
    /// The options of a client: it verifies the server against the roots (PEM; null stands for the system's) and the
    /// name, and offers its own identity unless that is null.
    /// </summary>
    /// <exception cref="CredentialsException">Something cannot be used.</exception>
    public static SslClientAuthenticationOptions Client(byte[]? rootsPem, Identity? identity, string serverName) =>
        new()
        {
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = rootsPem is { } roots ? Policy(roots, "roots") : null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateContext = identity is null ? null : Load(identity),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // By itself .NET takes a subject's common name for a name where there are no alternative ones (RFC 9525).
            RemoteCertificateValidationCallback = (_, leaf, _, errors) =>
                errors is SslPolicyErrors.None
                && leaf is X509Certificate2 verified
                && verified.MatchesHostname(serverName, allowCommonName: false),
            TargetHost = serverName,
        };

    /// <summary>The content of a file that must have some.</summary>
    /// <exception cref="CredentialsException">It cannot be read, or is empty.</exception>
    public static byte[] ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var content = new byte[MaxFileBytes];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return length > 0 ? content[..length] : throw new CredentialsException($"{path}: empty");
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CredentialsException($"{path}: {OneLine(unreadable)}", unreadable);
        }
    }

    /// <summary>The identity in two files.</summary>
    /// <exception cref="CredentialsException">One cannot be read, or is empty.</exception>
    public static Identity ReadIdentity(string chainPath, string keyPath) =>
        new(ReadFile(chainPath), ReadFile(keyPath));

    private static SslStreamCertificateContext Load(Identity identity)
    {
        var chain = Certificates(identity.ChainPem, "identity");
        var key = Text(identity.KeyPem);
        if (!PemEncoding.TryFind(key, out var fields) || key[fields.Label] is not KeyLabel)
        {
            throw new CredentialsException("identity: the key is not a PEM PKCS#8 private key");
        }
        try
        {
            var leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
            return SslStreamCertificateContext.Create(leaf, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception unusable) when (unusable is CryptographicException or ArgumentException)
        {
            throw new CredentialsException($"identity: {OneLine(unusable)}", unusable);
        }
    }

    private static X509ChainPolicy Policy(byte[] rootsPem, string what)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.AddRange(Certificates(rootsPem, what));
        return policy;
    }

    /// <summary>All of a PEM text's blocks; stricter than ImportFromPem, which passes over what is no certificate.</summary>
    private static X509Certificate2Collection Certificates(byte[] pem, string what)
    {
        var found = new X509Certificate2Collection();
        var rest = Text(pem);
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is not CertificateLabel)
            {
                throw new CredentialsException($"{what}: PEM block {found.Count + 1} is no certificate");
            }
            try
            {
                found.Add(X509Certificate2.CreateFromPem(rest[fields.Location]));
            }
            catch (CryptographicException unusable)
            {
                throw new CredentialsException($"{what}: PEM block {found.Count + 1}: {OneLine(unusable)}", unusable);
            }
            rest = rest[fields.Location.End..];
        }
        return found.Count > 0 ? found : throw new CredentialsException($"{what}: no PEM certificate");
    }

    private static string Text(byte[] pem) => Encoding.Latin1.GetString(pem);

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}

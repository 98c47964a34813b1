using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>An authority that is made for a test, and the identities it issues.</summary>
public sealed class TestCerts : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddHours(-1);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddDays(1);

    private readonly string _keyType;
    private readonly X509Certificate2 _authority;

    /// <summary>Makes one.</summary>
    /// <param name="keyType">`rsa2048`, `p256`, `p384` or `p521`, of all its keys.</param>
    public TestCerts(string keyType)
    {
        _keyType = keyType;
        var (request, _) = Request("authority");
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(From, Until);
    }

    /// <summary>The key types.</summary>
    public static IReadOnlyList<string> KeyTypes { get; } = ["rsa2048", "p256", "p384", "p521"];

    /// <summary>What trusts the authority.</summary>
    public byte[] RootsPem => Pem(_authority.ExportCertificatePem());

    /// <summary>An identity for both ends, at `localhost` and its addresses.</summary>
    public Identity Issue()
    {
        var (request, key) = Request("peer");
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var uses = new OidCollection { new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2") };
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        using var leaf = request.Create(_authority, From, Until, RandomNumberGenerator.GetBytes(8));
        return new Identity(Pem(leaf.ExportCertificatePem()), Pem(key.ExportPkcs8PrivateKeyPem()));
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private static byte[] Pem(string text) => Encoding.ASCII.GetBytes(text + "\n");

    private (CertificateRequest Request, AsymmetricAlgorithm Key) Request(string name)
    {
        if (_keyType == "rsa2048")
        {
            var rsa = RSA.Create(2048);
            return (
                new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                rsa
            );
        }
        var ec = ECDsa.Create(
            _keyType switch
            {
                "p256" => ECCurve.NamedCurves.nistP256,
                "p384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            }
        );
        return (new CertificateRequest($"CN={name}", ec, HashAlgorithmName.SHA256), ec);
    }
}

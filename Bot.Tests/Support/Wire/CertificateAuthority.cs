using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A certificate authority that lives as long as the cloud; nothing on the machine has to trust it. Valid at the real present: TLS does not follow a test's clock.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> leaves = new(StringComparer.OrdinalIgnoreCase);
    private readonly DateTimeOffset present = TimeProvider.System.GetUtcNow();

    public CertificateAuthority()
    {
        var request = new CertificateRequest("CN=RunModes test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(present.AddDays(-1), present.AddDays(7));
    }

    public X509Certificate2 Root { get; }

    public SslStreamCertificateContext Leaf(string host) => leaves.GetOrAdd(host, name =>
    {
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        using var bare = request.Create(Root, present.AddDays(-1), present.AddDays(6), RandomNumberGenerator.GetBytes(12));
        return SslStreamCertificateContext.Create(bare.CopyWithPrivateKey(leafKey), null, offline: true);
    });

    /// <summary>Trusts this authority and nothing else.</summary>
    public X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { Root },
    };

    public void Dispose()
    {
        foreach (var leaf in leaves.Values) leaf.TargetCertificate.Dispose();
        Root.Dispose();
        key.Dispose();
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>Who is who in a cluster of the tests: its authority, its server, its administrator by certificate, and users by tokens that were handed out before it started.</summary>
internal sealed class ClusterKeys : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const int Users = 300;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _present = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _root;
    private readonly string _folder;
    private int _users;

    public ClusterKeys(string folder)
    {
        _folder = folder;
        var request = new CertificateRequest("CN=cluster of the tests", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(_present.AddDays(-1), _present.AddDays(7));
        File.WriteAllText(Authority, _root.ExportCertificatePem());
        Server = Certificate("CN=kube-apiserver", ServerAuth);
        Admin = Certificate("O=system:masters, CN=admin", ClientAuth);
        foreach (var (name, certificate) in (ReadOnlySpan<(string, X509Certificate2)>)[("server", Server), ("admin", Admin)])
        {
            File.WriteAllText(At($"{name}.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(At($"{name}.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        using var accounts = RSA.Create(2048);
        File.WriteAllText(At("accounts.key"), accounts.ExportRSAPrivateKeyPem());
        File.WriteAllText(At("accounts.pub"), accounts.ExportSubjectPublicKeyInfoPem());
        File.WriteAllLines(At("tokens.csv"), Enumerable.Range(1, Users).Select(n => $"{Token(n)},{Name(n)},{n}"));
    }

    public string Authority => At("ca.crt");

    public X509Certificate2 Server { get; }

    public X509Certificate2 Admin { get; }

    public string At(string file) => Path.Combine(_folder, file);

    /// <summary>One whom the cluster knows, and who may do nothing until it is granted.</summary>
    public ClusterUser NewUser() => Interlocked.Increment(ref _users) is var n and <= Users ? new(Name(n), Token(n)) : throw new InvalidOperationException($"More than {Users} users.");

    /// <summary>As its owner alone can read it.</summary>
    /// <param name="user">"token" and what else signs somebody in.</param>
    public string KubeConfig(Uri server, string context, JsonObject user, string? file = null)
    {
        var path = file ?? At($"{Guid.NewGuid():n}.kubeconfig");
        File.WriteAllText(path, new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Config", ["current-context"] = context,
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "c", ["cluster"] = new JsonObject { ["server"] = server.ToString(), ["certificate-authority"] = Authority } }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "u", ["user"] = user }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = context, ["context"] = new JsonObject { ["cluster"] = "c", ["user"] = "u" } }),
        }.ToJsonString());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    /// <summary>Trusts this authority and nothing else.</summary>
    public X509ChainPolicy Trust() => new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _root } };

    public void Dispose()
    {
        Server.Dispose();
        Admin.Dispose();
        _root.Dispose();
        _key.Dispose();
    }

    private static string Name(int n) => $"agent-{n}";

    private static string Token(int n) => $"canary-token-of-the-agent-{n}";

    private X509Certificate2 Certificate(string subject, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var bare = request.Create(_root, _present.AddDays(-1), _present.AddDays(6), RandomNumberGenerator.GetBytes(12));
        return bare.CopyWithPrivateKey(key);
    }
}

internal sealed record ClusterUser(string Name, string Token);

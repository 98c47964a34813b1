using System.Net.Http;

namespace Tofusoup.Stock.Implementation;

/// <summary>Calls the server by its name, also in TLS, where the library dials an address.</summary>
internal sealed class NamedServer(HttpMessageHandler inner, string authority) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Host = authority;
        return base.SendAsync(request, cancellationToken);
    }
}

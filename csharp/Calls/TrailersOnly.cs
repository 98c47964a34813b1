using System.Net.Http;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Marks the answers that have no initial metadata: the library gives the trailers of such an answer as both. The mark
/// is a header, which is then in both.
/// </summary>
internal sealed class TrailersOnly(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Mark = "stock-trailers-only";
    private const string StatusHeader = "grpc-status";

    /// <summary>Whether metadata of a call is that of an answer without initial metadata.</summary>
    public static bool Marks(Metadata metadata) => metadata.Get(Mark) is not null;

    /// <summary>Whether an entry is the mark.</summary>
    public static bool IsMark(Metadata.Entry entry) => entry.Key == Mark;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.NonValidated.Contains(StatusHeader))
        {
            response.Headers.TryAddWithoutValidation(Mark, "");
        }
        return response;
    }
}

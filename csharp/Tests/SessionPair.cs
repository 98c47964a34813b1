namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A server's session and a client's, which end together.</summary>
/// <param name="server">The server's.</param>
/// <param name="client">The client's, which ends first.</param>
public sealed class SessionPair(SessionPeer server, SessionPeer client) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }
}

using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Directive = Tofusoup.Stock.Session.Directive;
using Metadata = Grpc.Core.Metadata;
using Status = Grpc.Core.Status;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A call at a server, without a connection.</summary>
public sealed class FakeCall : ServerCallContext
{
    /// <summary>Begins a call under a directive.</summary>
    public FakeCall(Directive directive)
    {
        Http.Request.Headers["stock-directive-bin"] = Convert.ToBase64String(directive.ToByteArray());
        Http.Features.Set<IHttpResponseTrailersFeature>(new Trailing());

        // Where the library looks for it.
        Http.Items["__HttpContext"] = Http;
    }

    /// <summary>The request.</summary>
    public DefaultHttpContext Http { get; } = new();

    /// <summary>What was sent as initial metadata, each time.</summary>
    public List<Metadata> Sent { get; } = [];

    protected override IDictionary<object, object> UserStateCore => Http.Items!;

    protected override string MethodCore => "";

    protected override string HostCore => "";

    protected override string PeerCore => "";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new("", []);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        Sent.Add(responseHeaders);
        return Task.CompletedTask;
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException();

    private sealed class Trailing : IHttpResponseTrailersFeature
    {
        public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();
    }
}

/// <summary>Takes no response.</summary>
public sealed class NoWriter : IServerStreamWriter<WatchEvent>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(WatchEvent message) => throw new NotSupportedException();
}

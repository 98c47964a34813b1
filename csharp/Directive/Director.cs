using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Conformance mode: it does to a call what the directive in its metadata says, without the handlers knowing. It is both
/// an interceptor and a middleware, which sees what interceptors do not: calls that end before a handler runs.
/// </summary>
/// <param name="stores">The stores that directives name.</param>
/// <param name="report">Told once when a call with a tag has ended, on any thread; null stands for nobody.</param>
public sealed class Director(Stores stores, Action<Observed>? report) : Interceptor
{
    private const string MetadataKey = "stock-directive-bin";
    private const string DetailsKey = "grpc-status-details-bin";
    private const string AcceptKey = "grpc-accept-encoding";
    private const string Gzip = "gzip";

    /// <summary>The library's own name for what it compresses the responses of a call with.</summary>
    private const string CompressKey = "grpc-internal-encoding-request";

    /// <summary>The middleware: follows a call to its end.</summary>
    public async Task Follow(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers[MetadataKey] is not [{ } value, ..])
        {
            await next(http);
            return;
        }
        var call = new DirectedCall(http, value, report is not null);
        http.Items[typeof(DirectedCall)] = call;
        try
        {
            await next(http);
        }
        finally
        {
            if (call.Observed() is { } observed)
            {
                report!(observed);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        if (CallOf(context) is not { } call)
        {
            return continuation(request, context);
        }
        call.Read();
        return Run(call, context, counts: false, async _ =>
        {
            var response = await continuation(request, context);
            call.Sent();
            return response;
        });
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (CallOf(context) is not { } call)
        {
            return continuation(request, responseStream, context);
        }
        call.Read();
        return Run(call, context, counts: true, async limit =>
        {
            await continuation(request, Writer(responseStream, call, context, limit), context);
            return call;
        });
    }

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (CallOf(context) is not { } call)
        {
            return continuation(requestStream, context);
        }
        return Run(call, context, counts: true, async limit =>
        {
            var response = await continuation(new DirectedReader<TRequest>(requestStream, call, limit), context);
            call.Sent();
            return response;
        });
    }

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        if (CallOf(context) is not { } call)
        {
            return continuation(requestStream, responseStream, context);
        }
        return Run(call, context, counts: true, async limit =>
        {
            var reader = new DirectedReader<TRequest>(requestStream, call, Limit.None);
            await continuation(reader, Writer(responseStream, call, context, limit), context);
            return call;
        });
    }

    private static DirectedCall? CallOf(ServerCallContext context) =>
        context.UserState.TryGetValue(typeof(DirectedCall), out var call) ? (DirectedCall)call : null;

    /// <summary>Does what a directive asks for before the handler, runs that, and notes how it ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="context">Its context.</param>
    /// <param name="counts">Whether a failure may come after some messages.</param>
    /// <param name="handler">The handler, given when to fail.</param>
    private async Task<T> Run<T>(
        DirectedCall call,
        ServerCallContext context,
        bool counts,
        Func<Limit, Task<T>> handler
    )
    {
        var ended = context.CancellationToken;
        try
        {
            var directive =
                call.Directive
                ?? throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, "bad directive"));
            await Begin(context, directive);
            if (directive.Fail is { } fail && (fail.After == 0 || !counts))
            {
                throw Failure(context, fail);
            }
            context.Use(stores.Named(directive.Store));
            var limit = directive.Fail is { } later
                ? new Limit(later.After, () => Failure(context, later))
                : Limit.None;
            var result = await handler(limit);
            await SendHeaders(call, context);
            call.Handled(ended.IsCancellationRequested);
            return result;
        }
        catch (Exception failure)
        {
            // A read that meets a reset may fail a moment before the call's token is cancelled.
            call.Handled(failure is IOException || (ended.IsCancellationRequested && EndedByPeer(failure)));
            if (!ended.IsCancellationRequested)
            {
                await SendHeaders(call, context);
            }
            throw;
        }
    }

    private static async Task Begin(ServerCallContext context, Directive directive)
    {
        context.UseHeaders(() => WriteHeaders(context, directive));
        var lossy = Headers.WithEmptyValues(directive.Trailers).ToList();
        foreach (
            var trailer in Headers
                .ToGrpc(directive.Trailers)
                .Where(trailer => !lossy.Exists(entry => entry.Key == trailer.Key))
        )
        {
            context.ResponseTrailers.Add(trailer);
        }
        if (directive.HeadersFirst)
        {
            await context.SendHeadersOnce();
        }
        await Task.Delay(TimeSpan.FromMilliseconds(directive.DelayMs), context.CancellationToken);
        SetLossy(context.GetHttpContext().Features.Get<IHttpResponseTrailersFeature>()!.Trailers, lossy);
        if (directive.Throw)
        {
            throw new InvalidOperationException("thrown for a directive");
        }
    }

    /// <summary>
    /// Sends what a directive wants to be initial metadata: before the first response, and where there is none, as an
    /// answer of trailers only has no place for it. Not before a handler that sends its own once it is ready.
    /// </summary>
    private static Task SendHeaders(DirectedCall call, ServerCallContext context) =>
        call.Directive is { } directive
        && (directive.Compress || directive.Headers is not null || Headers.WithEmptyValues(directive.Trailers).Any())
            ? context.SendHeadersOnce()
            : Task.CompletedTask;

    private static DirectedWriter<T> Writer<T>(
        IServerStreamWriter<T> responses,
        DirectedCall call,
        ServerCallContext context,
        Limit limit
    ) => new(responses, call, limit, () => SendHeaders(call, context));

    private static Task WriteHeaders(ServerCallContext context, Directive directive)
    {
        SetLossy(context.GetHttpContext().Response.Headers, Headers.WithEmptyValues(directive.Headers));
        var headers = Headers.ToGrpc(directive.Headers);
        foreach (var (name, _) in Headers.WithEmptyValues(directive.Headers))
        {
            while (headers.Get(name) is { } entry)
            {
                headers.Remove(entry);
            }
        }
        if (directive.Compress && AcceptsGzip(context))
        {
            headers.Add(CompressKey, Gzip);
        }
        return context.WriteResponseHeadersAsync(headers);
    }

    /// <summary>Sets what the library would lose.</summary>
    private static void SetLossy(IHeaderDictionary headers, IEnumerable<KeyValuePair<string, StringValues>> entries)
    {
        foreach (var (name, values) in entries)
        {
            headers[name] = values;
        }
    }

    private static bool AcceptsGzip(ServerCallContext context) =>
        context
            .GetHttpContext()
            .Request.Headers[AcceptKey]
            .ToString()
            .Split(',', StringSplitOptions.TrimEntries)
            .Contains(Gzip);

    private static RpcException Failure(ServerCallContext context, Fail fail)
    {
        if (fail.Details.Length > 0)
        {
            context.ResponseTrailers.Add(DetailsKey, fail.Details.ToByteArray());
        }
        return new RpcException(new Grpc.Core.Status((StatusCode)fail.Code, fail.Message));
    }

    /// <summary>Tells how a handler fails whose call is over from how one fails by itself.</summary>
    private static bool EndedByPeer(Exception failure) =>
        failure
            is OperationCanceledException
                or RpcException
                {
                    StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Unavailable
                };
}

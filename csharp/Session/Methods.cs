using Grpc.Core;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>An open call by its generated stub, with the session's messages.</summary>
/// <param name="Call">To be disposed of at its end.</param>
/// <param name="Headers">Initial metadata.</param>
/// <param name="Next">The next response; null at the end.</param>
/// <param name="Send">Hands a request to the library; null where there is only the first one.</param>
/// <param name="Complete">Ends the requests.</param>
/// <param name="Status">How it has ended, at the end.</param>
/// <param name="Trailers">Trailing metadata, at the end.</param>
internal sealed record OpenCall(
    IDisposable Call,
    Func<Task<Grpc.Core.Metadata>> Headers,
    Func<Task<Response?>> Next,
    Func<Request, Task>? Send,
    Func<Task>? Complete,
    Func<Grpc.Core.Status> Status,
    Func<Grpc.Core.Metadata> Trailers
);

/// <summary>One RPC on one channel.</summary>
/// <param name="Request">The case of the requests it takes.</param>
/// <param name="Sends">Whether it takes a stream of requests.</param>
/// <param name="Streams">Whether it gives a stream of responses.</param>
/// <param name="Open">Opens a call, given its first request where it takes no stream.</param>
internal sealed record Method(
    Request.RequestOneofCase Request,
    bool Sends,
    bool Streams,
    Func<Request?, CallOptions, OpenCall> Open
);

/// <summary>The methods a client can call.</summary>
internal static class Methods
{
    /// <summary>Those of a channel.</summary>
    public static Dictionary<Rpc, Method> Of(ClientChannel channel) =>
        new()
        {
            [Rpc.Get] = Unary(
                Request.RequestOneofCase.Get,
                (request, options) => channel.Stock.GetAsync(request.Get, options),
                message => new Response { Get = message }
            ),
            [Rpc.Put] = Unary(
                Request.RequestOneofCase.Put,
                (request, options) => channel.Stock.PutAsync(request.Put, options),
                message => new Response { Put = message }
            ),
            [Rpc.Delete] = Unary(
                Request.RequestOneofCase.Delete,
                (request, options) => channel.Stock.DeleteAsync(request.Delete, options),
                message => new Response { Delete = message }
            ),
            [Rpc.Inventory] = Unary(
                Request.RequestOneofCase.Inventory,
                (request, options) => channel.Stock.InventoryAsync(request.Inventory, options),
                message => new Response { Inventory = message }
            ),
            [Rpc.Monitor] = ServerStream(
                Request.RequestOneofCase.Monitor,
                (request, options) => channel.Stock.Monitor(request.Monitor, options),
                message => new Response { Monitor = message }
            ),
            [Rpc.Batch] = ClientStream(
                Request.RequestOneofCase.Batch,
                channel.Stock.Batch,
                request => request.Batch,
                message => new Response { Batch = message }
            ),
            [Rpc.Trade] = Duplex(
                Request.RequestOneofCase.Trade,
                channel.Stock.Trade,
                request => request.Trade,
                message => new Response { Trade = message }
            ),
            [Rpc.KvGet] = Unary(
                Request.RequestOneofCase.KvGet,
                (request, options) => channel.Kv.GetAsync(request.KvGet, options),
                message => new Response { KvGet = message }
            ),
            [Rpc.KvPut] = Unary(
                Request.RequestOneofCase.KvPut,
                (request, options) => channel.Kv.PutAsync(request.KvPut, options),
                message => new Response { KvPut = message }
            ),
            [Rpc.AbsentGet] = Unary(
                Request.RequestOneofCase.Get,
                (request, options) => channel.Absent.GetAsync(request.Get, options),
                message => new Response { Get = message }
            ),
        };

    private static Method Unary<T>(
        Request.RequestOneofCase request,
        Func<Request, CallOptions, AsyncUnaryCall<T>> start,
        Func<T, Response> wrap
    ) => new(request, Sends: false, Streams: false, (message, options) =>
        {
            var call = start(message!, options);
            return new OpenCall(
                call,
                () => call.ResponseHeadersAsync,
                Once(() => call.ResponseAsync, wrap),
                null,
                null,
                call.GetStatus,
                call.GetTrailers
            );
        });

    private static Method ServerStream<T>(
        Request.RequestOneofCase request,
        Func<Request, CallOptions, AsyncServerStreamingCall<T>> start,
        Func<T, Response> wrap
    ) => new(request, Sends: false, Streams: true, (message, options) =>
        {
            var call = start(message!, options);
            return new OpenCall(
                call,
                () => call.ResponseHeadersAsync,
                Each(call.ResponseStream, wrap),
                null,
                null,
                call.GetStatus,
                call.GetTrailers
            );
        });

    private static Method ClientStream<TRequest, T>(
        Request.RequestOneofCase request,
        Func<CallOptions, AsyncClientStreamingCall<TRequest, T>> start,
        Func<Request, TRequest> unwrap,
        Func<T, Response> wrap
    ) => new(request, Sends: true, Streams: false, (_, options) =>
        {
            var call = start(options);
            return new OpenCall(
                call,
                () => call.ResponseHeadersAsync,
                Once(() => call.ResponseAsync, wrap),
                message => call.RequestStream.WriteAsync(unwrap(message)),
                call.RequestStream.CompleteAsync,
                call.GetStatus,
                call.GetTrailers
            );
        });

    private static Method Duplex<TRequest, T>(
        Request.RequestOneofCase request,
        Func<CallOptions, AsyncDuplexStreamingCall<TRequest, T>> start,
        Func<Request, TRequest> unwrap,
        Func<T, Response> wrap
    ) => new(request, Sends: true, Streams: true, (_, options) =>
        {
            var call = start(options);
            return new OpenCall(
                call,
                () => call.ResponseHeadersAsync,
                Each(call.ResponseStream, wrap),
                message => call.RequestStream.WriteAsync(unwrap(message)),
                call.RequestStream.CompleteAsync,
                call.GetStatus,
                call.GetTrailers
            );
        });

    private static Func<Task<Response?>> Once<T>(Func<Task<T>> response, Func<T, Response> wrap)
    {
        var given = false;
        return async () =>
        {
            if (given)
            {
                return null;
            }
            given = true;
            return wrap(await response());
        };
    }

    private static Func<Task<Response?>> Each<T>(IAsyncStreamReader<T> responses, Func<T, Response> wrap) =>
        async () => await responses.MoveNext(CancellationToken.None) ? wrap(responses.Current) : null;
}

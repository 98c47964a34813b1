using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>What handlers have in common: the store of a call, and how a store's refusals end it.</summary>
internal static class Statuses
{
    /// <summary>How streams without an end of their own end when the server drains.</summary>
    public static RpcException Draining() => new(new Status(StatusCode.Unavailable, "server shutting down"));

    extension(ServerCallContext context)
    {
        /// <summary>Gives a call its store.</summary>
        public void Use(Store store) => context.UserState[typeof(Store)] = store;

        /// <summary>Gives a call its initial metadata, by what sends it; without, it is empty.</summary>
        public void UseHeaders(Func<Task> send) => context.UserState[typeof(Metadata)] = send;

        /// <summary>Sends the call's initial metadata, if nobody has yet.</summary>
        public Task SendHeadersOnce()
        {
            if (context.GetHttpContext().Response.HasStarted)
            {
                return Task.CompletedTask;
            }
            return context.UserState.TryGetValue(typeof(Metadata), out var send)
                ? ((Func<Task>)send)()
                : context.WriteResponseHeadersAsync(Metadata.Empty);
        }
    }

    extension(Stores stores)
    {
        /// <summary>The store that a call carries, else the default one.</summary>
        public Store Of(ServerCallContext context) =>
            context.UserState.TryGetValue(typeof(Store), out var store) ? (Store)store : stores.Default;

        /// <summary>What a function of a call's store returns; its refusals become statuses.</summary>
        public Task<T> Answer<T>(ServerCallContext context, Func<Store, T> function)
        {
            try
            {
                return Task.FromResult(function(stores.Of(context)));
            }
            catch (InvalidKeyException invalid)
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, invalid.Message));
            }
            catch (MissingKeyException missing)
            {
                throw new RpcException(new Status(StatusCode.NotFound, missing.Message));
            }
        }
    }
}

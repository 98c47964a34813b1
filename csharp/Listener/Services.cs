using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Gives the library the methods of the generated services, with marshallers that say INTERNAL of what does not decode:
/// the library takes that for a handler's fault.
/// </summary>
/// <param name="bind">Binds all services.</param>
internal sealed class Services(Action<ServiceBinderBase> bind) : IServiceMethodProvider<Services>
{
    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Services> context) => bind(new Binder(context));

    private static Method<TRequest, TResponse> Strict<TRequest, TResponse>(Method<TRequest, TResponse> method)
    {
        var marshaller = method.RequestMarshaller;
        return new Method<TRequest, TResponse>(
            method.Type,
            method.ServiceName,
            method.Name,
            Marshallers.Create(marshaller.ContextualSerializer, context =>
                Read(context, marshaller.ContextualDeserializer)
            ),
            method.ResponseMarshaller
        );
    }

    private static T Read<T>(DeserializationContext context, Func<DeserializationContext, T> deserialize)
    {
        try
        {
            return deserialize(context);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the request does not decode"));
        }
    }

    private sealed class Binder(ServiceMethodProviderContext<Services> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler
        ) => context.AddUnaryMethod(Strict(method), [], (_, request, call) => handler!(request, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse>? handler
        ) => context.AddClientStreamingMethod(Strict(method), [], (_, requests, call) => handler!(requests, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddServerStreamingMethod(Strict(method), [], (_, request, responses, call) =>
                handler!(request, responses, call)
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddDuplexStreamingMethod(Strict(method), [], (_, requests, responses, call) =>
                handler!(requests, responses, call)
            );
    }
}

using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Gives the library the methods of the generated services, with marshallers that are as strict as the service asks:
/// the library takes what does not decode for a handler's fault, and Google.Protobuf replaces what is not UTF-8.
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
            Marshallers.Create(marshaller.ContextualSerializer, context => Read(context, marshaller.ContextualDeserializer)),
            method.ResponseMarshaller);
    }

    private static T Read<T>(DeserializationContext context, Func<DeserializationContext, T> deserialize)
    {
        try
        {
            var message = deserialize(context);
            return message is not IMessage read || Utf8.Holds(read, context.PayloadAsReadOnlySequence())
                ? message
                : throw new RpcException(new Status(StatusCode.Internal, "the request has a text that is not UTF-8"));
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the request does not decode"));
        }
    }

    private sealed class Binder(ServiceMethodProviderContext<Services> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            context.AddUnaryMethod(Strict(method), [], (_, request, call) => handler!(request, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddClientStreamingMethod(Strict(method), [], (_, requests, call) => handler!(requests, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddServerStreamingMethod(
                Strict(method), [], (_, request, responses, call) => handler!(request, responses, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddDuplexStreamingMethod(
                Strict(method), [], (_, requests, responses, call) => handler!(requests, responses, call));
    }
}

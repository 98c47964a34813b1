package dev.tofusoup.stock.session

import io.grpc.MethodDescriptor.MethodType
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.single
import proto.KVGrpcKt.KVCoroutineStub
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.StockGrpcKt.StockCoroutineStub
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchRequest
import tofusoup.stock.session.AbsentGrpcKt.AbsentCoroutineStub
import tofusoup.stock.session.Request
import tofusoup.stock.session.Request.RequestCase
import tofusoup.stock.session.Response
import tofusoup.stock.session.Rpc

/** The methods that a client can call. */
internal val METHODS: Map<Rpc, Method<*, *>> =
    mapOf(
        Rpc.RPC_GET to
            unary(RequestCase.GET, Request::getGet, Response.Builder::setGet) { channel, options, request, metadata ->
                StockCoroutineStub(channel, options).get(request, metadata)
            },
        Rpc.RPC_PUT to
            unary(RequestCase.PUT, Request::getPut, Response.Builder::setPut) { channel, options, request, metadata ->
                StockCoroutineStub(channel, options).put(request, metadata)
            },
        Rpc.RPC_DELETE to
            unary(RequestCase.DELETE, Request::getDelete, Response.Builder::setDelete) { channel, options, request, metadata ->
                StockCoroutineStub(channel, options).delete(request, metadata)
            },
        Rpc.RPC_INVENTORY to
            unary(RequestCase.INVENTORY, Request::getInventory, Response.Builder::setInventory) { channel, options, request, metadata ->
                StockCoroutineStub(channel, options).inventory(request, metadata)
            },
        Rpc.RPC_MONITOR to
            Method<WatchRequest, WatchEvent>(
                MethodType.SERVER_STREAMING,
                RequestCase.MONITOR,
                Request::getMonitor,
                Response.Builder::setMonitor,
            ) { channel, options, requests, metadata ->
                flow { emitAll(StockCoroutineStub(channel, options).monitor(requests.single(), metadata)) }
            },
        Rpc.RPC_BATCH to
            Method<BatchItem, BatchSummary>(
                MethodType.CLIENT_STREAMING,
                RequestCase.BATCH,
                Request::getBatch,
                Response.Builder::setBatch,
            ) { channel, options, requests, metadata ->
                flow { emit(StockCoroutineStub(channel, options).batch(requests, metadata)) }
            },
        Rpc.RPC_TRADE to
            Method<TradeOrder, TradeFill>(
                MethodType.BIDI_STREAMING,
                RequestCase.TRADE,
                Request::getTrade,
                Response.Builder::setTrade,
            ) { channel, options, requests, metadata ->
                StockCoroutineStub(channel, options).trade(requests, metadata)
            },
        Rpc.RPC_KV_GET to
            unary(RequestCase.KV_GET, Request::getKvGet, Response.Builder::setKvGet) { channel, options, request, metadata ->
                KVCoroutineStub(channel, options).get(request, metadata)
            },
        Rpc.RPC_KV_PUT to
            unary(RequestCase.KV_PUT, Request::getKvPut, Response.Builder::setKvPut) { channel, options, request, metadata ->
                KVCoroutineStub(channel, options).put(request, metadata)
            },
        Rpc.RPC_ABSENT_GET to
            unary(RequestCase.GET, Request::getGet, Response.Builder::setGet) { channel, options, request, metadata ->
                AbsentCoroutineStub(channel, options).get(request, metadata)
            },
    )

private fun <Q : Any, R : Any> unary(
    accepts: RequestCase,
    unwrap: (Request) -> Q,
    wrap: (Response.Builder, R) -> Response.Builder,
    call: suspend (io.grpc.Channel, io.grpc.CallOptions, Q, io.grpc.Metadata) -> R,
): Method<Q, R> =
    Method(MethodType.UNARY, accepts, unwrap, wrap) { channel, options, requests, metadata ->
        flow { emit(call(channel, options, requests.single(), metadata)) }
    }

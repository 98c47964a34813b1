package dev.tofusoup.stock.session

import proto.KVGrpc
import tofusoup.stock.StockGrpc
import tofusoup.stock.session.AbsentGrpc
import tofusoup.stock.session.Request.Request as Asked
import tofusoup.stock.session.Response.Response as Answered
import tofusoup.stock.session.Rpc

/** The methods that a client can call. */
private[session] object Methods:
  /** The method of an rpc. */
  def of(rpc: Rpc): Either[Refusal, Method[?, ?]] =
    all.get(rpc).toRight(Refusal(s"rpc: ${rpc.name} given, a method expected"))

  private val all: Map[Rpc, Method[?, ?]] = Map(
    Rpc.RPC_GET -> Method(
      StockGrpc.METHOD_GET,
      { case Asked.Get(request) => request },
      Answered.Get(_),
      Caller.One((channel, request) => StockGrpc.stub(channel).get(request))
    ),
    Rpc.RPC_PUT -> Method(
      StockGrpc.METHOD_PUT,
      { case Asked.Put(request) => request },
      Answered.Put(_),
      Caller.One((channel, request) => StockGrpc.stub(channel).put(request))
    ),
    Rpc.RPC_DELETE -> Method(
      StockGrpc.METHOD_DELETE,
      { case Asked.Delete(request) => request },
      Answered.Delete(_),
      Caller.One((channel, request) => StockGrpc.stub(channel).delete(request))
    ),
    Rpc.RPC_INVENTORY -> Method(
      StockGrpc.METHOD_INVENTORY,
      { case Asked.Inventory(request) => request },
      Answered.Inventory(_),
      Caller.One((channel, request) => StockGrpc.stub(channel).inventory(request))
    ),
    Rpc.RPC_MONITOR -> Method(
      StockGrpc.METHOD_MONITOR,
      { case Asked.Monitor(request) => request },
      Answered.Monitor(_),
      Caller.Responses((channel, request, observer) => StockGrpc.stub(channel).monitor(request, observer))
    ),
    Rpc.RPC_BATCH -> Method(
      StockGrpc.METHOD_BATCH,
      { case Asked.Batch(item) => item },
      Answered.Batch(_),
      Caller.Requests((channel, observer) => StockGrpc.stub(channel).batch(observer))
    ),
    Rpc.RPC_TRADE -> Method(
      StockGrpc.METHOD_TRADE,
      { case Asked.Trade(order) => order },
      Answered.Trade(_),
      Caller.Requests((channel, observer) => StockGrpc.stub(channel).trade(observer))
    ),
    Rpc.RPC_KV_GET -> Method(
      KVGrpc.METHOD_GET,
      { case Asked.KvGet(request) => request },
      Answered.KvGet(_),
      Caller.One((channel, request) => KVGrpc.stub(channel).get(request))
    ),
    Rpc.RPC_KV_PUT -> Method(
      KVGrpc.METHOD_PUT,
      { case Asked.KvPut(request) => request },
      Answered.KvPut(_),
      Caller.One((channel, request) => KVGrpc.stub(channel).put(request))
    ),
    Rpc.RPC_ABSENT_GET -> Method(
      AbsentGrpc.METHOD_GET,
      { case Asked.Get(request) => request },
      Answered.Get(_),
      Caller.One((channel, request) => AbsentGrpc.stub(channel).get(request))
    )
  )

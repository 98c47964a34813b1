package dev.tofusoup.stock.session;

import java.util.EnumMap;
import java.util.Map;
import proto.KVGrpc;
import tofusoup.stock.StockGrpc;
import tofusoup.stock.session.AbsentGrpc;
import tofusoup.stock.session.Request;
import tofusoup.stock.session.Request.RequestCase;
import tofusoup.stock.session.Response;
import tofusoup.stock.session.Rpc;

/** The methods that a client can call. */
final class Methods {
  private static final Map<Rpc, Method<?, ?>> ALL = new EnumMap<>(Rpc.class);

  static {
    ALL.put(
        Rpc.RPC_GET,
        new Method<>(
            StockGrpc.getGetMethod(),
            RequestCase.GET,
            Request::getGet,
            Response.Builder::setGet,
            (channel, first, observer) -> StockGrpc.newStub(channel).get(first, observer)));
    ALL.put(
        Rpc.RPC_PUT,
        new Method<>(
            StockGrpc.getPutMethod(),
            RequestCase.PUT,
            Request::getPut,
            Response.Builder::setPut,
            (channel, first, observer) -> StockGrpc.newStub(channel).put(first, observer)));
    ALL.put(
        Rpc.RPC_DELETE,
        new Method<>(
            StockGrpc.getDeleteMethod(),
            RequestCase.DELETE,
            Request::getDelete,
            Response.Builder::setDelete,
            (channel, first, observer) -> StockGrpc.newStub(channel).delete(first, observer)));
    ALL.put(
        Rpc.RPC_INVENTORY,
        new Method<>(
            StockGrpc.getInventoryMethod(),
            RequestCase.INVENTORY,
            Request::getInventory,
            Response.Builder::setInventory,
            (channel, first, observer) -> StockGrpc.newStub(channel).inventory(first, observer)));
    ALL.put(
        Rpc.RPC_MONITOR,
        new Method<>(
            StockGrpc.getMonitorMethod(),
            RequestCase.MONITOR,
            Request::getMonitor,
            Response.Builder::setMonitor,
            (channel, first, observer) -> StockGrpc.newStub(channel).monitor(first, observer)));
    ALL.put(
        Rpc.RPC_BATCH,
        new Method<>(
            StockGrpc.getBatchMethod(),
            RequestCase.BATCH,
            Request::getBatch,
            Response.Builder::setBatch,
            (channel, none, observer) -> StockGrpc.newStub(channel).batch(observer)));
    ALL.put(
        Rpc.RPC_TRADE,
        new Method<>(
            StockGrpc.getTradeMethod(),
            RequestCase.TRADE,
            Request::getTrade,
            Response.Builder::setTrade,
            (channel, none, observer) -> StockGrpc.newStub(channel).trade(observer)));
    ALL.put(
        Rpc.RPC_KV_GET,
        new Method<>(
            KVGrpc.getGetMethod(),
            RequestCase.KV_GET,
            Request::getKvGet,
            Response.Builder::setKvGet,
            (channel, first, observer) -> KVGrpc.newStub(channel).get(first, observer)));
    ALL.put(
        Rpc.RPC_KV_PUT,
        new Method<>(
            KVGrpc.getPutMethod(),
            RequestCase.KV_PUT,
            Request::getKvPut,
            Response.Builder::setKvPut,
            (channel, first, observer) -> KVGrpc.newStub(channel).put(first, observer)));
    ALL.put(
        Rpc.RPC_ABSENT_GET,
        new Method<>(
            AbsentGrpc.getGetMethod(),
            RequestCase.GET,
            Request::getGet,
            Response.Builder::setGet,
            (channel, first, observer) -> AbsentGrpc.newStub(channel).get(first, observer)));
  }

  private Methods() {}

  /** The method of an rpc, or null. */
  static Method<?, ?> of(Rpc rpc) {
    return ALL.get(rpc);
  }
}

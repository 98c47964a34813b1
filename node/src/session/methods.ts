// The methods that a runner can call, each by its generated stub.

import type {
  CallOptions,
  ClientDuplexStream,
  ClientReadableStream,
  ClientUnaryCall,
  ClientWritableStream,
  Metadata,
  ServiceError,
} from "@grpc/grpc-js";
import { type Request, type Response, Rpc } from "../../stock_grpc/proto/session.js";
import type { Stubs } from "../calls.js";

type RequestUnion = NonNullable<Request["request"]>;
type ResponseUnion = NonNullable<Response["response"]>;
type RequestCase = RequestUnion["$case"];
type ResponseCase = ResponseUnion["$case"];
type RequestOf<Case> = Extract<RequestUnion, { $case: Case }>["value"];
type ResponseOf<Case> = Extract<ResponseUnion, { $case: Case }>["value"];

/** How a unary stub answers. */
export type Callback<Message> = (error: ServiceError | null, response: Message) => void;

/** One RPC: what its messages are, and how a call of it begins. */
export type Method = {
  /** The kind of request that it takes. */
  readonly accepts: RequestCase;
} & (
  | {
      readonly kind: "unary";
      call(
        stubs: Stubs,
        request: unknown,
        metadata: Metadata,
        options: CallOptions,
        done: Callback<Response>,
      ): ClientUnaryCall;
    }
  | { readonly kind: "stream"; readonly sends: boolean; open: OpenStream }
);

/** The library's stream of a call, in the one shape that the session drives. */
export interface Stream {
  /** Emits `metadata` and `status`; cancels. */
  readonly call: ClientReadableStream<unknown> | ClientWritableStream<unknown>;
  /** Where responses are read; undefined where the one response comes by the callback. */
  readonly readable: ClientReadableStream<unknown> | undefined;
  /** Where requests are written; undefined where the one request has been sent. */
  readonly writable: ClientWritableStream<unknown> | undefined;
  wrap(message: unknown): Response;
}

/** Begins a call of a stream; `request` is its one request where it does not send several. */
export type OpenStream = (
  stubs: Stubs,
  request: unknown,
  metadata: Metadata,
  options: CallOptions,
  done: Callback<unknown>,
) => Stream;

type UnaryStub<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: CallOptions,
  done: Callback<Res>,
) => ClientUnaryCall;

const wrapperOf =
  (responseCase: ResponseCase) =>
  (message: unknown): Response => ({ response: { $case: responseCase, value: message } as ResponseUnion });

function unary<Req extends RequestCase, Res extends ResponseCase>(
  accepts: Req,
  gives: Res,
  stub: (stubs: Stubs) => UnaryStub<RequestOf<Req>, ResponseOf<Res>>,
): Method {
  const wrap = wrapperOf(gives);
  return {
    kind: "unary",
    accepts,
    call: (stubs, request, metadata, options, done) =>
      stub(stubs)(request as RequestOf<Req>, metadata, options, (error, response) =>
        done(error, error === null ? wrap(response) : { response: undefined }),
      ),
  };
}

const monitor: Method = {
  kind: "stream",
  accepts: "monitor",
  sends: false,
  open: ({ stock }, request, metadata, options) => {
    const call = stock.monitor(request as RequestOf<"monitor">, metadata, options);
    return { call, readable: call, writable: undefined, wrap: wrapperOf("monitor") };
  },
};

const batch: Method = {
  kind: "stream",
  accepts: "batch",
  sends: true,
  open: ({ stock }, _request, metadata, options, done) => {
    const call = stock.batch(metadata, options, done) as ClientWritableStream<unknown>;
    return { call, readable: undefined, writable: call, wrap: wrapperOf("batch") };
  },
};

const trade: Method = {
  kind: "stream",
  accepts: "trade",
  sends: true,
  open: ({ stock }, _request, metadata, options) => {
    const call = stock.trade(metadata, options) as ClientDuplexStream<unknown, unknown>;
    return { call, readable: call, writable: call, wrap: wrapperOf("trade") };
  },
};

/** The methods by their number on the wire. */
export const METHODS: ReadonlyMap<Rpc, Method> = new Map([
  [Rpc.RPC_GET, unary("get", "get", ({ stock }) => stock.get.bind(stock))],
  [Rpc.RPC_PUT, unary("put", "put", ({ stock }) => stock.put.bind(stock))],
  [Rpc.RPC_DELETE, unary("delete", "delete", ({ stock }) => stock.delete.bind(stock))],
  [Rpc.RPC_INVENTORY, unary("inventory", "inventory", ({ stock }) => stock.inventory.bind(stock))],
  [Rpc.RPC_MONITOR, monitor],
  [Rpc.RPC_BATCH, batch],
  [Rpc.RPC_TRADE, trade],
  [Rpc.RPC_KV_GET, unary("kvGet", "kvGet", ({ kv }) => kv.get.bind(kv))],
  [Rpc.RPC_KV_PUT, unary("kvPut", "kvPut", ({ kv }) => kv.put.bind(kv))],
  [Rpc.RPC_ABSENT_GET, unary("get", "get", ({ absent }) => absent.get.bind(absent))],
]);

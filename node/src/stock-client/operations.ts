// What stock_client does: one function for each operation.

import type { CallOptions, ClientUnaryCall, ServiceError } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../../tools/node/admin_grpc/grpc/health/v1/health.js";
import { type BatchSummary, TradeOrder_OrderType as OrderType } from "../../stock_grpc/proto/stock.js";
import type { Stubs } from "../calls.js";
import { oneLine } from "../log.js";
import { parseItem, parseOrder, split } from "../options/arguments.js";
import type { ClientOptions } from "../options/client.js";
import { eventLine, fillLine } from "./lines.js";

const NEWLINE = 0x0a;

/** A health that is not SERVING; its name has been printed. */
export class NotServingError extends Error {}

/** What an operation works with. */
export interface Workplace {
  readonly stubs: Stubs;
  readonly options: CallOptions;
  print(data: string | Buffer): Promise<void>;
}

/** An operation with its arguments understood: all that is left is to call and to print. */
export type Operate = (workplace: Workplace) => Promise<void>;

/** Understands the arguments of an operation, reading those that standard input holds. Throws UsageError. */
export async function prepare(options: ClientOptions, stdin: NodeJS.ReadableStream): Promise<Operate> {
  const [first = Buffer.alloc(0)] = options.words;
  const key = first.toString();
  switch (options.operation) {
    case "get":
      return get(({ stock }) => stock.get.bind(stock), key);
    case "kv-get":
      return get(({ kv }) => kv.get.bind(kv), key);
    case "put":
      return put(({ stock }) => stock.put.bind(stock), key, await putValue(options, stdin));
    case "kv-put":
      return put(({ kv }) => kv.put.bind(kv), key, await putValue(options, stdin));
    case "delete":
      return remove(key);
    case "monitor":
      return monitor(key.replace(/\*$/, ""), options.count);
    case "batch":
      return batch(options.words.length > 0 ? options.words : itemLines(await readAll(stdin)));
    case "trade":
      return trade(options.words);
    case "inventory":
      return inventory;
    default:
      return health(key);
  }
}

type Stub<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  done: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

function ask<Request, Response>(
  stub: Stub<Request, Response>,
  request: Request,
  options: CallOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    stub(request, new Metadata(), options, (error, response) => {
      if (error === null) {
        resolve(response);
      } else {
        reject(error);
      }
    });
  });
}

function get(stub: (stubs: Stubs) => Stub<{ key: string }, { value: Buffer }>, key: string): Operate {
  return async ({ stubs, options, print }) => {
    const { value } = await ask(stub(stubs), { key }, options);
    await print(Buffer.concat([value, Buffer.from([NEWLINE])]));
  };
}

function put(
  stub: (stubs: Stubs) => Stub<{ key: string; value: Buffer }, unknown>,
  key: string,
  value: Buffer,
): Operate {
  return async ({ stubs, options, print }) => {
    await ask(stub(stubs), { key, value }, options);
    await print("OK\n");
  };
}

function remove(key: string): Operate {
  return async ({ stubs, options, print }) => {
    await ask(stubs.stock.delete.bind(stubs.stock), { key }, options);
    await print("OK\n");
  };
}

function monitor(keyPrefix: string, count: number): Operate {
  return async ({ stubs, options, print }) => {
    const call = stubs.stock.monitor({ keyPrefix }, options);
    let printed = 0;
    for await (const event of call) {
      await print(eventLine(event));
      printed += 1;
      if (printed === count) {
        // The status of a call that is cancelled here is of no interest.
        call.on("error", () => undefined);
        call.cancel();
        return;
      }
    }
  };
}

function batch(items: readonly Buffer[]): Operate {
  const parsed = items.map(parseItem);
  return async ({ stubs, options, print }) => {
    const summary = await new Promise<BatchSummary>((resolve, reject) => {
      const call = stubs.stock.batch(options, (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(error);
        }
      });
      for (const item of parsed) {
        call.write(item);
      }
      call.end();
    });
    const { totalItems, successful, failed, bytesWritten } = summary;
    await print(`total=${totalItems} successful=${successful} failed=${failed} bytes=${bytesWritten}\n`);
  };
}

const ORDER_TYPES = { buy: OrderType.BUY, sell: OrderType.SELL, query: OrderType.QUERY };

function trade(words: readonly Buffer[]): Operate {
  const orders = words.map(parseOrder);
  return async ({ stubs, options, print }) => {
    const call = stubs.stock.trade(options);
    for (const { kind, symbol, quantity } of orders) {
      call.write({ type: ORDER_TYPES[kind], symbol, quantity });
    }
    call.end();
    for await (const fill of call) {
      await print(fillLine(fill));
    }
  };
}

const inventory: Operate = async ({ stubs, options, print }) => {
  const status = await ask(stubs.stock.inventory.bind(stubs.stock), {}, options);
  const lines = [
    `items=${status.totalItems}`,
    `bytes=${status.totalBytes}`,
    `uptime_seconds=${status.uptimeSeconds}`,
    `server_version=${oneLine(status.serverVersion)}`,
  ];
  for (const key of Object.keys(status.metadata).sort()) {
    lines.push(`metadata.${oneLine(key)}=${oneLine(status.metadata[key] ?? "")}`);
  }
  await print(`${lines.join("\n")}\n`);
};

function health(service: string): Operate {
  return async ({ stubs, options, print }) => {
    const { status } = await ask(stubs.health.check.bind(stubs.health), { service }, options);
    await print(`${ServingStatus[status] ?? status}\n`);
    if (status !== ServingStatus.SERVING) {
      throw new NotServingError();
    }
  };
}

/** The value of a put: the second argument, or standard input where that is `-`. */
async function putValue({ words }: ClientOptions, stdin: NodeJS.ReadableStream): Promise<Buffer> {
  const [, value = Buffer.alloc(0)] = words;
  return value.toString() === "-" ? readAll(stdin) : value;
}

/** The items that stand in lines; blank ones are passed over. */
function itemLines(content: Buffer): Buffer[] {
  return split(content, NEWLINE).filter((line) => line.toString("latin1").trim() !== "");
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

// The client side of the RPCs: channels and the stubs over them.

import {
  ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ClientOptions,
  compressionAlgorithms,
} from "@grpc/grpc-js";
import { HealthClient } from "../../tools/node/admin_grpc/grpc/health/v1/health.js";
import { KVClient } from "../stock_grpc/proto/kv.js";
import { AbsentClient } from "../stock_grpc/proto/session.js";
import { StockClient } from "../stock_grpc/proto/stock.js";
import { restoreStatus } from "./http2.js";

/** Where a server is and how to reach it. */
export interface Endpoint {
  /** `host:port`, an IPv6 address in brackets. */
  readonly address: string;
  /** Undefined: plaintext. */
  readonly credentials: ChannelCredentials | undefined;
  /** What the server's certificate is verified against; empty: the host. */
  readonly serverName: string;
  readonly maxReceiveBytes: number;
}

/** The stubs over one channel. */
export interface Stubs {
  readonly stock: StockClient;
  readonly kv: KVClient;
  readonly absent: AbsentClient;
  readonly health: HealthClient;
}

/** The stubs over connections of their own. Nothing is dialled before the first call. */
export class Channel {
  readonly #endpoint: Endpoint;
  #plain: Stubs | undefined;
  #compressing: Stubs | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The stubs whose requests are sent as they are. */
  get stubs(): Stubs {
    this.#plain ??= open(this.#endpoint, {});
    return this.#plain;
  }

  /** The stubs whose requests are compressed with gzip: for grpc-js that is a property of a channel. */
  get compressing(): Stubs {
    this.#compressing ??= open(this.#endpoint, {
      "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
    });
    return this.#compressing;
  }

  /** Closes the connections when their calls have ended. */
  close(): void {
    for (const stubs of [this.#plain, this.#compressing]) {
      // They have one channel.
      stubs?.stock.close();
    }
  }
}

function open(endpoint: Endpoint, more: ChannelOptions): Stubs {
  const options: ChannelOptions = {
    ...more,
    "grpc.enable_channelz": 0,
    "grpc.enable_http_proxy": 0,
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_receive_message_length": endpoint.maxReceiveBytes,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
    ...(endpoint.serverName === ""
      ? {}
      : {
          "grpc.default_authority": endpoint.serverName,
          "grpc.ssl_target_name_override": endpoint.serverName,
        }),
  };
  const credentials = endpoint.credentials ?? ChannelCredentials.createInsecure();
  const make = <C extends Client>(
    Stub: new (address: string, credentials: ChannelCredentials, options: ClientOptions) => C,
    shared: ClientOptions,
  ): C =>
    new Stub(`dns:${endpoint.address}`, credentials, {
      ...options,
      ...shared,
      interceptors: [restoreStatus],
    });
  const stock = make(StockClient, {});
  const channelOverride = stock.getChannel();
  return {
    stock,
    kv: make(KVClient, { channelOverride }),
    absent: make(AbsentClient, { channelOverride }),
    health: make(HealthClient, { channelOverride }),
  };
}

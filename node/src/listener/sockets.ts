// The sockets of a listener: bound here and not by grpc-js, which neither ends handshakes nor tells of TLS.

import net, { type AddressInfo, type Socket } from "node:net";
import tls, { type SecureContextOptions, type TLSSocket } from "node:tls";
import type { ConnectionInfo } from "../grpc.js";
import { type Log, reasonOf } from "../log.js";

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** TLS of a server: its identity, and the roots of client certificates where these are required. */
export type ServerTls = SecureContextOptions & { readonly requestCert: boolean };

/** Where a listener binds, and what it does with its connections. */
export interface SocketsConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: ServerTls | undefined;
  readonly log: Log;
  /** Takes a connection whose handshake, if any, is over. */
  readonly accept: (connection: Socket) => void;
}

/** The listening socket and all connections that came of it. */
export class Sockets {
  readonly #server: net.Server;
  readonly #accept: (connection: Socket) => void;
  readonly #log: Log;
  /** By the peer's address: the connections as accepted, and as they are when TLS is established. */
  readonly #connections = new Map<string, Socket>();
  readonly #secured = new Map<string, TLSSocket>();
  /** The peers, `HOST:PORT`, that have made a call. */
  readonly #used = new Set<string>();

  private constructor({ tls: material, log, accept }: SocketsConfig) {
    this.#log = log;
    this.#accept = accept;
    this.#server =
      material === undefined ? net.createServer({ noDelay: true }) : this.#createTlsServer(material);
    this.#server.on("connection", (connection: Socket) => {
      this.#track(this.#connections, connection);
      if (material === undefined) {
        this.#hand(connection);
      }
    });
  }

  /** Binds. Rejects where it cannot. */
  static async bind(config: SocketsConfig): Promise<Sockets> {
    const sockets = new Sockets(config);
    await new Promise<void>((resolve, reject) => {
      sockets.#server.once("error", reject);
      sockets.#server.listen({ host: config.host, port: config.port }, () => {
        sockets.#server.off("error", reject);
        resolve();
      });
    });
    return sockets;
  }

  /** The address bound. */
  get address(): AddressInfo {
    return this.#server.address() as AddressInfo;
  }

  /** The TLS of the connection from a peer: `1.2` or `1.3`; empty in plaintext. */
  tlsVersion(peer: ConnectionInfo): string {
    const protocol = this.#secured.get(`${peer.remoteAddress}:${peer.remotePort}`)?.getProtocol();
    return protocol?.replace("TLSv", "") ?? "";
  }

  /**
   * Refuses new connections and drops those that have not finished their TLS handshake. Resolves when no
   * connection is left.
   */
  refuse(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#server instanceof tls.Server) {
      for (const [peer, connection] of this.#connections) {
        if (!this.#secured.has(peer)) {
          connection.destroy();
        }
      }
    }
    return closed;
  }

  /** Takes note that a peer, `HOST:PORT`, has made a call. */
  use(peer: string): void {
    this.#used.add(peer);
  }

  /** Drops the connections on which no call was ever made. */
  dropUnused(): void {
    for (const [peer, connection] of this.#connections) {
      if (!this.#used.has(peer)) {
        connection.destroy();
      }
    }
  }

  /** Drops all connections. */
  drop(): void {
    for (const connection of this.#connections.values()) {
      connection.destroy();
    }
  }

  #createTlsServer(material: ServerTls): tls.Server {
    const server = tls.createServer({
      ...material,
      ALPNProtocols: ["h2"],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      minVersion: "TLSv1.2",
      noDelay: true,
      rejectUnauthorized: true,
    });
    server.on("secureConnection", (connection) => {
      this.#track(this.#secured, connection);
      if (connection.alpnProtocol === "h2") {
        this.#hand(connection);
      } else {
        this.#refused(connection, "the peer did not offer h2 by ALPN");
        connection.destroy();
      }
    });
    server.on("tlsClientError", (error, connection) => {
      this.#refused(connection, reasonOf(error));
      // One that takes too long is only told of.
      connection.destroy();
    });
    return server;
  }

  #hand(connection: Socket): void {
    // An error of the connection shows in its calls.
    connection.on("error", () => undefined);
    this.#accept(connection);
  }

  #refused(connection: Socket, reason: string): void {
    this.#log(
      `handshake failed with ${connection.remoteAddress ?? "a peer that has gone"}: ${reason.trim()}`,
    );
  }

  #track<S extends Socket>(connections: Map<string, S>, connection: S): void {
    const peer = `${connection.remoteAddress}:${connection.remotePort}`;
    connections.set(peer, connection);
    connection.once("close", () => {
      connections.delete(peer);
      this.#used.delete(peer);
    });
  }
}

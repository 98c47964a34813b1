// What a server saw of one call.

import type { Metadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import type { Observation } from "../../stock_grpc/proto/session.js";
import { fromMetadata } from "../headers.js";
import { takeEncoding } from "../http2.js";
import type { TlsVersion } from "./directive.js";

/** Follows a call to its end and reports it then, once. */
export class Observer {
  readonly #observation: Observation;
  readonly #report: (observation: Observation) => void;

  constructor(
    call: ServerInterceptingCallInterface,
    metadata: Metadata,
    tlsVersion: TlsVersion,
    report: (observation: Observation) => void,
  ) {
    this.#report = report;
    const requestEncoding = takeEncoding(metadata);
    this.#observation = {
      metadata: fromMetadata(metadata),
      deadlineNs: deadlineOf(call),
      messagesRead: 0,
      messagesSent: 0,
      cancelled: false,
      peerCertificatePem: certificateOf(call),
      tlsVersion: tlsVersion(call.getConnectionInfo()),
      requestEncoding,
    };
  }

  /** The handler is given a request. */
  read(): void {
    this.#observation.messagesRead += 1;
  }

  /** The handler has sent a response. */
  sent(): void {
    this.#observation.messagesSent += 1;
  }

  /** The call has ended for the server: by its peer or the deadline, or else by the handler. */
  ended(cancelled: boolean): void {
    this.#observation.cancelled = cancelled;
    this.#report(this.#observation);
  }
}

/** Nanoseconds until the deadline, where there is one. */
function deadlineOf(call: ServerInterceptingCallInterface): bigint | undefined {
  const deadline = Number(call.getDeadline());
  return Number.isFinite(deadline) ? BigInt(Math.round((deadline - Date.now()) * 1e6)) : undefined;
}

/** The peer's leaf certificate as PEM; empty where there was none. */
function certificateOf(call: ServerInterceptingCallInterface): Buffer {
  const der = call.getAuthContext().sslPeerCertificate?.raw;
  if (der === undefined) {
    return Buffer.alloc(0);
  }
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`);
}

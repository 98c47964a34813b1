// Metadata between grpc-js' form and the session protocol's.

import { Metadata } from "@grpc/grpc-js";
import type { Header, Metadata as WireMetadata } from "../stock_grpc/proto/session.js";

/**
 * The entries that belong to the application, by name; values of a name keep their order. Those that HTTP/2
 * and gRPC keep to themselves are left out.
 */
export function fromMetadata(metadata: Metadata): WireMetadata {
  const entries: Header[] = [];
  // Not getMap: it has one value of each name.
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    if (!isReserved(name)) {
      entries.push(...values.map((value) => ({ name, value: Buffer.from(value) })));
    }
  }
  return { entries };
}

/** Adds entries to metadata. Throws where grpc-js does not take a name or a value. */
export function addTo(metadata: Metadata, wire: WireMetadata | undefined): Metadata {
  for (const { name, value } of wire?.entries ?? []) {
    metadata.add(name, name.endsWith("-bin") ? value : value.toString("latin1"));
  }
  return metadata;
}

/** Metadata as grpc-js takes it. */
export function toMetadata(wire: WireMetadata | undefined): Metadata {
  return addTo(new Metadata(), wire);
}

function isReserved(name: string): boolean {
  return name === "content-type" || name.startsWith("grpc-");
}

// What the two programs are: in Hello, in Inventory and to --version.

import { version as grpcVersion } from "@grpc/grpc-js/package.json";
import { VERSION } from "../version.js";

export { VERSION };

/** The names of this implementation and of the libraries under it, as the session protocol reports them. */
export const LANGUAGE = "node";
export const LIBRARY = `grpc-js ${grpcVersion}`;
export const RUNTIME = `node ${process.versions.node}`;
export const TRANSPORT = "nghttp2";
export const TLS_STACK = "openssl";

/** What a program prints for --version: `stock_server 0.1.0 node grpc-js 1.14.7`. */
export function versionLine(program: string): string {
  return `${program} ${VERSION} ${LANGUAGE} ${LIBRARY}`;
}

// What the libraries do otherwise than the service needs; called by the programs before anything else.

import { repairHttp2 } from "./http2.js";
import { refuseInvalidUtf8 } from "./utf8.js";

/** Repairs the libraries. */
export function repairLibraries(): void {
  refuseInvalidUtf8();
  repairHttp2();
  // Where the server has no name but its address, grpc-js makes that the name, and Node.js warns its user.
  process.noDeprecation = true;
}

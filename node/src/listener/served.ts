// The descriptors of what every listener serves.

import adminDescriptors from "../../../tools/node/admin_grpc/descriptors.binpb";
import stockDescriptors from "../../stock_grpc/descriptors.binpb";
import { Descriptors } from "../descriptors.js";

let served: Descriptors | undefined;

/** Made when they are first asked for: most servers never are. */
export function servedDescriptors(): Descriptors {
  served ??= new Descriptors([stockDescriptors, adminDescriptors]);
  return served;
}

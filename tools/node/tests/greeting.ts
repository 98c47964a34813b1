import descriptors from "./stock_grpc/descriptors.binpb";
import { GetRequest } from "./stock_grpc/proto/stock.js";

/** Says what was generated. */
export function greeting(): string {
  const request = GetRequest.decode(GetRequest.encode({ key: "hello" }).finish());
  return `${request.key} from ${descriptors.length > 0 ? "some" : "no"} descriptors`;
}

// What an order does to a position.

/** The kinds of an order, numbered as on the wire. Any other number is an unknown kind. */
export const OrderKind = { BUY: 0, SELL: 1, QUERY: 2 } as const;

const MAX_POSITION = 2 ** 31 - 1;

/** Asks to change a position, or what it is. */
export interface Order {
  readonly kind: number;
  readonly symbol: string;
  readonly quantity: number;
}

/** Answers an order. A refused one has the quantity 0 and the reason as its message. */
export interface Fill {
  readonly done: boolean;
  readonly quantity: number;
  readonly message: string;
  /** A tick of the store's one clock. */
  readonly timestamp: bigint;
}

/** A fill still without its tick, and the position after it where it changes. */
export type Decision = Omit<Fill, "timestamp"> & { readonly position?: number };

const KINDS: readonly number[] = Object.values(OrderKind);

const refused = (message: string): Decision => ({ done: false, quantity: 0, message });

/** Decides an order, where `have` is the position. The order of the rows is normative. */
export function decide({ kind, quantity: want }: Order, have: number, symbolIsValid: boolean): Decision {
  if (!symbolIsValid) {
    return refused("invalid symbol");
  }
  if (!KINDS.includes(kind)) {
    return refused(`unknown order type: ${kind}`);
  }
  if (kind === OrderKind.QUERY) {
    return { done: true, quantity: have, message: "position" };
  }
  if (want <= 0) {
    return refused("quantity must be positive");
  }
  if (kind === OrderKind.BUY) {
    return want > MAX_POSITION - have
      ? refused("position limit")
      : { done: true, quantity: want, message: "bought", position: have + want };
  }
  return want > have
    ? refused(`insufficient position: have ${have}, want ${want}`)
    : { done: true, quantity: want, message: "sold", position: have - want };
}

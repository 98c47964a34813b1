// The stores of a process by their names.

import { Store } from "./store.js";

/** Stores that are made when they are first named; the default one has the empty name. */
export class Stores {
  readonly #named = new Map<string, Store>();

  /** The store of a name. */
  named(name: string): Store {
    let store = this.#named.get(name);
    if (store === undefined) {
      store = new Store();
      this.#named.set(name, store);
    }
    return store;
  }

  /**
   * Drops named stores, never the default one. What still uses a store keeps it; a name without a store is
   * passed over.
   */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      if (name !== "") {
        this.#named.delete(name);
      }
    }
  }
}

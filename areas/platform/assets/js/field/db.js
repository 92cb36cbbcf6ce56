// What the phone keeps: sealed bytes, codes, times and ids. Nothing of a person or a place stands here in clear.
import { openDB } from "../../vendor/idb/index.js";

const NAME = "linli-field";
const VERSION = 1;
/** Store and key, in the order of the contract. */
const STORES = { vault: "id", assignment: "id", draft: "home_id", outbox: "entry_id", kept: "entry_id", log: "n", meta: "id" };
/** What goes at the day's end, at sign-out, and with a phone that was revoked; the sealed outbox stays. */
export const OF_THE_DAY = ["vault", "assignment", "draft"];

/** Opens the store, making it where it is not there. */
export const open = () =>
  openDB(NAME, VERSION, {
    upgrade(db) {
      for (const [name, keyPath] of Object.entries(STORES))
        db.createObjectStore(name, { keyPath, autoIncrement: name === "log" });
    },
  });

/** The store as the other modules use it: small, so that tests can stand in for it. */
export const keeping = (db) => ({
  get: (store, key) => db.get(store, key),
  all: (store) => db.getAll(store),
  put: (store, row) => db.put(store, row),
  add: (store, row) => db.add(store, row),
  drop: (store, key) => db.delete(store, key),
  clear: (store) => db.clear(store),
  /** Puts and drops in several stores at once or not at all. */
  async together(stores, work) {
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    work({
      put: (store, row) => tx.objectStore(store).put(row),
      drop: (store, key) => tx.objectStore(store).delete(key),
      clear: (store) => tx.objectStore(store).clear(),
    });
    await tx.done;
  },
});

/** Everything of the day goes. */
export const endDay = (keep) => keep.together(OF_THE_DAY, (tx) => OF_THE_DAY.forEach((store) => tx.clear(store)));

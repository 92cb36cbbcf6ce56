// A store in memory that behaves as the phone's does: rows are copies, several writes at once or none.
const KEYS = { vault: "id", assignment: "id", draft: "home_id", outbox: "entry_id", kept: "entry_id", log: "n", meta: "id" };

export const memory = () => {
  const stores = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));
  let next = 1;
  const put = (store, row) => { stores[store].set(row[KEYS[store]], structuredClone(row)); };
  const drop = (store, key) => { stores[store].delete(key); };
  const clear = (store) => { stores[store].clear(); };
  return {
    stores,
    get: async (store, key) => structuredClone(stores[store].get(key)),
    all: async (store) => structuredClone([...stores[store].values()]),
    put: async (store, row) => put(store, row),
    add: async (store, row) => put(store, { ...row, n: next++ }),
    drop: async (store, key) => drop(store, key),
    clear: async (store) => clear(store),
    async together(names, work) {
      const only = (does) => (store, ...rest) => {
        if (!names.includes(store)) throw new Error(`${store} is not part of this change`);
        does(store, ...rest);
      };
      work({ put: only(put), drop: only(drop), clear: only(clear) });
    },
    /** Everything that is kept, as the files of a browser would hold it. */
    bytes: () => JSON.stringify(Object.values(stores).map((s) => [...s.values()]), (key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : typeof value === "string" ? Buffer.from(value).toString("latin1") : value),
  };
};

/** Chance that can be repeated. */
export const dice = (seed) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return Math.floor(((state ^ (state >>> 13)) >>> 0) / 4294967296 * below);
  };
};

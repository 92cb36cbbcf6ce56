// Whoever signs out takes the day's work off this phone; what is sealed and waits to be sent stays.
(() => {
  const stores = ["vault", "assignment", "draft"];
  const emptied = async () => {
    const known = await indexedDB.databases?.();
    if (known && !known.some((db) => db.name === "linli-field")) return;
    await new Promise((done) => {
      const request = indexedDB.open("linli-field");
      // A browser that cannot list its stores must not make an empty one of its own.
      request.onupgradeneeded = () => request.transaction.abort();
      request.onerror = () => done();
      request.onsuccess = () => {
        const db = request.result;
        const there = stores.filter((name) => db.objectStoreNames.contains(name));
        if (!there.length) return done();
        const tx = db.transaction(there, "readwrite", { durability: "strict" });
        there.forEach((name) => tx.objectStore(name).clear());
        tx.oncomplete = tx.onabort = () => { db.close(); done(); };
      };
    });
  };
  for (const form of document.querySelectorAll("form[action='/sign-out']"))
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await emptied();
      } finally {
        form.submit();
      }
    });
})();

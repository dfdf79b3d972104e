/** What a linked device keeps in its browser profile, as WhatsApp does: in localStorage and in IndexedDB. */
const KEY = 'wasim-device';
const DATABASE = 'wasim-signal-storage';

let database = null;

export const deviceStore = {
  async load() {
    let fromLocalStorage = null;
    try {
      fromLocalStorage = JSON.parse(localStorage.getItem(KEY) || 'null');
    } catch {
      // A broken entry is as good as none.
    }
    const fromDatabase = await transact('readonly', (store) => store.get('device')).catch(() => null);
    return fromDatabase || fromLocalStorage;
  },

  async save(device) {
    localStorage.setItem(KEY, JSON.stringify(device));
    await transact('readwrite', (store) => store.put(device, 'device'));
  },

  async clear() {
    localStorage.removeItem(KEY);
    await transact('readwrite', (store) => store.delete('device')).catch(() => {});
  },
};

async function open() {
  if (database) return database;
  database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('kv');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function transact(mode, work) {
  const opened = await open();
  return new Promise((resolve, reject) => {
    // Strict: a browser that is killed right after pairing still has the device on disk.
    const transaction = opened.transaction('kv', mode, { durability: 'strict' });
    const request = work(transaction.objectStore('kv'));
    transaction.oncomplete = () => resolve(request && request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** WhatsApp's cache of files by the hash of their content. */
const KEPT_OBJECTS = 500;
const CONSOLIDATED = ['type', 'size', 'mimetype', 'mediaBlob'];

const objects = new Map();

export function mediaObjectOf(filehash) {
  const known = objects.get(filehash);
  if (known) return known;
  const created = {
    filehash,
    type: undefined,
    size: undefined,
    contentInfo: {},
    mediaStage: 'INIT',
    consolidate(data) {
      for (const name of CONSOLIDATED) if (data[name] !== undefined) this[name] = data[name];
    },
  };
  objects.set(filehash, created);
  if (objects.size > KEPT_OBJECTS) objects.delete(objects.keys().next().value);
  return created;
}

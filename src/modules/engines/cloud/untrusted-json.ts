export type JsonRecord = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): JsonRecord | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null;

/** A field of its own: what every object inherits, such as `constructor`, is not something that was sent. */
export const valueAt = (record: JsonRecord | null, name: string): unknown =>
  record !== null && Object.hasOwn(record, name) ? record[name] : undefined;

export const recordAt = (record: JsonRecord | null, name: string): JsonRecord | null => asRecord(valueAt(record, name));

/** A text that says something. Ids and numbers that came as JSON numbers are texts too; an empty one is none. */
export const textAt = (record: JsonRecord | null, name: string): string | null => {
  const value = valueAt(record, name);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Meta writes numbers as numbers here and as texts there. */
export const numberAt = (record: JsonRecord | null, name: string): number | null => {
  const value = valueAt(record, name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

export const isTrueAt = (record: JsonRecord | null, name: string): boolean => valueAt(record, name) === true;

export const listAt = (record: JsonRecord | null, name: string): readonly unknown[] => {
  const value = valueAt(record, name);
  return Array.isArray(value) ? value : [];
};

/** The elements that are objects; others have nothing to say where objects are listed. */
export const recordsAt = (record: JsonRecord | null, name: string): readonly JsonRecord[] =>
  listAt(record, name)
    .map(asRecord)
    .filter((element) => element !== null);

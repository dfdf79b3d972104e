type Present<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value: what was left out is not the same as `undefined`. */
export const withoutAbsent = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

import { getMetadataStorage } from 'class-validator';

type Storage = ReturnType<typeof getMetadataStorage>;
type Rules = ReturnType<Storage['getTargetValidationMetadatas']>;
type Grouped = ReturnType<Storage['groupByPropertyName']>;

const done = new WeakSet<Storage>();

/**
 * class-validator looks through the rules of all classes and groups those of one anew for every object that it checks.
 * They change only when a class is declared, so both are kept until then. A check by groups is looked up as before.
 */
export const keepValidationRules = (storage: Storage = getMetadataStorage()): void => {
  if (done.has(storage)) return;
  done.add(storage);
  const find = storage.getTargetValidationMetadatas.bind(storage);
  const group = storage.groupByPropertyName.bind(storage);
  const add = storage.addValidationMetadata.bind(storage);
  let found = new Map<unknown, Rules>();
  let grouped = new WeakMap<Rules, Grouped>();

  storage.addValidationMetadata = (rule) => {
    found = new Map();
    grouped = new WeakMap();
    add(rule);
  };
  storage.getTargetValidationMetadatas = (...asked) => {
    const [target, schema, always, isStrict, groups = []] = asked;
    if (schema || always || isStrict || groups.length > 0) return find(...asked);
    const known = found.get(target);
    if (known !== undefined) return known;
    const rules = find(...asked);
    found.set(target, rules);
    return rules;
  };
  storage.groupByPropertyName = (rules) => {
    const known = grouped.get(rules);
    if (known !== undefined) return known;
    const fresh = group(rules);
    grouped.set(rules, fresh);
    return fresh;
  };
};

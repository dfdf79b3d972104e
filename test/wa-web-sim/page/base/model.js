import { Emitter } from './emitter.js';
import { createWid, serialized } from './ids.js';

/** A thing with attributes that can be read, set, watched and serialized, like WhatsApp's own models. */
export class Model extends Emitter {
  constructor(attributes = {}) {
    super();
    Object.defineProperty(this, 'attributes', { value: {}, enumerable: false });
    Object.defineProperty(this, 'collections', { value: new Set(), enumerable: false });
    this.defineAttributes(attributes);
    Object.assign(this.attributes, attributes);
  }

  set(nameOrAttributes, value) {
    const attributes = typeof nameOrAttributes === 'string' ? { [nameOrAttributes]: value } : nameOrAttributes || {};
    this.defineAttributes(attributes);
    const changed = [];
    for (const [name, next] of Object.entries(attributes)) {
      const previous = this.attributes[name];
      if (previous === next) continue;
      this.attributes[name] = next;
      changed.push([name, next, previous]);
    }
    for (const [name, next, previous] of changed) this.#fire(`change:${name}`, this, next, previous);
    if (changed.length) this.#fire('change', this);
    return this;
  }

  get(name) {
    return this.attributes[name];
  }

  serialize() {
    const { hidden } = this.constructor;
    const plain = {};
    for (const [name, value] of Object.entries(this.attributes)) {
      if (typeof value === 'function' || (hidden && hidden.has(name))) continue;
      plain[name] = value instanceof Model || value instanceof Collection ? value.serialize() : value;
    }
    return plain;
  }

  toJSON() {
    return this.serialize();
  }

  safe() {
    return this;
  }

  unsafe() {
    return this;
  }

  /** Makes attributes readable and writable as properties, unless the class has its own idea of them. */
  defineAttributes(attributes) {
    for (const name of Object.keys(attributes)) {
      if (name in this) continue;
      Object.defineProperty(this, name, {
        configurable: true,
        enumerable: true,
        get() {
          return this.attributes[name];
        },
        set(value) {
          this.set({ [name]: value });
        },
      });
    }
  }

  #fire(name, ...args) {
    this.trigger(name, ...args);
    for (const collection of this.collections) collection.trigger(name, ...args);
  }
}

/** Models by id, in the order in which they came. */
export class Collection extends Emitter {
  constructor(modelClass = Model) {
    super();
    const hidden = { _models: [], _index: new Map(), modelClass };
    for (const [name, value] of Object.entries(hidden)) {
      Object.defineProperty(this, name, { value, enumerable: false, writable: true });
    }
  }

  get length() {
    return this._models.length;
  }

  get models() {
    return this._models.slice();
  }

  get(id) {
    return this._index.get(keyOf(id));
  }

  assertGet(id) {
    const model = this.get(id);
    if (!model) throw new Error('Collection:assertGet not found');
    return model;
  }

  add(item, options = {}) {
    if (Array.isArray(item)) return item.map((one) => this.add(one, options));
    const model = item instanceof Model ? item : new this.modelClass(item);
    const key = keyOf(model.id);
    if (this._index.has(key)) return this._index.get(key);
    this._index.set(key, model);
    this._models.push(model);
    model.collections.add(this);
    if (!options.silent) this.trigger('add', model, this);
    return model;
  }

  /** The model with this id; added if it is not there. */
  gadd(id, options) {
    return this.get(id) || this.add(new this.modelClass({ id: typeof id === 'string' ? createWid(id) : id }), options);
  }

  remove(item) {
    const key = keyOf(item.id || item);
    const model = this._index.get(key);
    if (!model) return undefined;
    this.forget(model);
    this.trigger('remove', model, this);
    model.collections.delete(this);
    return model;
  }

  /** Takes a model out without telling anybody. */
  forget(model) {
    this._index.delete(keyOf(model.id));
    const position = this._models.indexOf(model);
    if (position >= 0) this._models.splice(position, 1);
  }

  reset() {
    for (const model of this._models.slice()) {
      this._index.delete(keyOf(model.id));
      model.collections.delete(this);
    }
    this._models.length = 0;
  }

  getModelsArray() {
    return this._models.slice();
  }

  toArray() {
    return this._models.slice();
  }

  async find(id) {
    return this.get(id) || (this.fetchOne ? this.fetchOne(id) : undefined);
  }

  async update(id) {
    return this.get(id);
  }

  filter(test) {
    return this._models.filter(test);
  }

  map(transform) {
    return this._models.map(transform);
  }

  forEach(action) {
    this._models.forEach(action);
  }

  some(test) {
    return this._models.some(test);
  }

  every(test) {
    return this._models.every(test);
  }

  findFirst(test) {
    return this._models.find(test);
  }

  at(position) {
    return this._models[position];
  }

  first() {
    return this._models[0];
  }

  head() {
    return this._models[0];
  }

  last() {
    return this._models[this._models.length - 1];
  }

  serialize() {
    return this._models.map((model) => model.serialize());
  }

  toJSON() {
    return this.serialize();
  }

  [Symbol.iterator]() {
    return this._models[Symbol.iterator]();
  }
}

function keyOf(id) {
  if (id === null || id === undefined) return undefined;
  if (typeof id !== 'object') return String(id);
  return id._serialized || (id.id ? serialized(id.id) : String(id));
}

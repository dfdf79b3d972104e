const LISTENERS = Symbol('listeners');

/** Events as WhatsApp's models have them: several names in one string, and `all` for every event. */
export class Emitter {
  on(names, listener, context) {
    for (const name of split(names)) {
      const listeners = this.#all();
      if (!listeners.has(name)) listeners.set(name, []);
      listeners.get(name).push({ listener, context });
    }
    return this;
  }

  once(names, listener, context) {
    for (const name of split(names)) {
      const wrapped = (...args) => {
        this.off(name, wrapped);
        listener.apply(context || this, args);
      };
      wrapped.original = listener;
      this.on(name, wrapped, context);
    }
    return this;
  }

  off(names, listener) {
    if (names === null || names === undefined) {
      this.#all().clear();
      return this;
    }
    for (const name of split(names)) {
      const listeners = this.#all().get(name);
      if (!listeners) continue;
      const stays = (entry) => entry.listener !== listener && entry.listener.original !== listener;
      this.#all().set(name, listener ? listeners.filter(stays) : []);
    }
    return this;
  }

  trigger(name, ...args) {
    this.#run(name, args);
    this.#run('all', [name, ...args]);
    return this;
  }

  emit(name, ...args) {
    return this.trigger(name, ...args);
  }

  addListener(...args) {
    return this.on(...args);
  }

  removeListener(...args) {
    return this.off(...args);
  }

  listenTo(other, name, listener) {
    other.on(name, listener, this);
    return this;
  }

  stopListening() {
    return this;
  }

  isListening() {
    return true;
  }

  #all() {
    if (!this[LISTENERS]) Object.defineProperty(this, LISTENERS, { value: new Map(), enumerable: false });
    return this[LISTENERS];
  }

  #run(name, args) {
    for (const { listener, context } of [...(this.#all().get(name) || [])]) {
      try {
        listener.apply(context || this, args);
      } catch (error) {
        // One broken listener must not keep the others from hearing; it shows up as an error of the page.
        setTimeout(() => {
          throw error;
        }, 0);
      }
    }
  }
}

function split(names) {
  return String(names).split(/\s+/);
}

const DOCS = new Map<string, EnvDoc>();

export interface EnvDoc {
  readonly about: string;
  readonly secret?: boolean;
  readonly example?: string;
}

/** Documents a variable; `.env.example` is checked against these. */
export const Doc =
  (doc: EnvDoc): PropertyDecorator =>
  (_target, key) => {
    DOCS.set(String(key), doc);
  };

/** Every documented variable, in the order in which the class lists them. */
export const documented = (): readonly (readonly [string, EnvDoc])[] => [...DOCS];

/** Reads named values of a request that already passed GitHub's schema; a value of another type is our bug, and says so. */
export interface Fields {
  has(name: string): boolean;
  raw(name: string): unknown;
  text(name: string): string;
  textOr<T>(name: string, otherwise: T): string | T;
  number(name: string): number;
  numberOr(name: string, otherwise: number): number;
  flagOr(name: string, otherwise: boolean): boolean;
  list(name: string): readonly unknown[] | undefined;
}

const wrong = (name: string, wanted: string): TypeError => new TypeError(`the request's "${name}" is not ${wanted}`);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldsOf = (source: unknown): Fields => {
  const values = new Map<string, unknown>(isObject(source) ? Object.entries(source) : []);
  const text = (name: string): string => {
    const value = values.get(name);
    if (typeof value !== 'string') throw wrong(name, 'text');
    return value;
  };
  const number = (name: string): number => {
    const value = values.get(name);
    if (typeof value !== 'number') throw wrong(name, 'a number');
    return value;
  };
  const present = (name: string): boolean => values.get(name) !== undefined && values.get(name) !== null;
  return {
    has: (name) => values.has(name),
    raw: (name) => values.get(name),
    text,
    textOr: (name, otherwise) => (present(name) ? text(name) : otherwise),
    number,
    numberOr: (name, otherwise) => (present(name) ? number(name) : otherwise),
    flagOr: (name, otherwise) => {
      const value = values.get(name) ?? otherwise;
      if (typeof value !== 'boolean') throw wrong(name, 'true or false');
      return value;
    },
    list: (name) => {
      const value = values.get(name);
      return Array.isArray(value) ? value : undefined;
    }
  };
};

import type { Route } from './description.ts';

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | undefined;

const pattern = (route: Route): RegExp => {
  const many = new Set(route.parameters.filter((each) => each.manySegments).map((each) => each.name));
  const source = route.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      return many.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
    })
    .join('');
  return new RegExp(`^${source}$`);
};

/** More fixed words first, so that `/releases/latest` is not taken for an id. */
const fixedWords = (route: Route): number => route.path.split('/').filter((part) => !part.startsWith('{')).length;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const createRouter = (routes: readonly Route[]): Router => {
  const table = routes
    .toSorted((a, b) => fixedWords(b) - fixedWords(a))
    .map((route) => ({ route, pattern: pattern(route) }));
  return (method, path) => {
    for (const { route, pattern: form } of table) {
      const found = route.method === method ? form.exec(path) : null;
      if (found === null) continue;
      const parameters = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decode(value)] as const);
      return { route, parameters: Object.fromEntries(parameters) };
    }
    return undefined;
  };
};

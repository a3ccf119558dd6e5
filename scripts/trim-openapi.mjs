/* oxlint-disable typescript/no-unsafe-assignment, typescript/strict-boolean-expressions -- plain JavaScript walking JSON of any shape */
/**
 * Writes `rehearsal/hub/github/openapi.json`: of GitHub's own description of its REST API exactly the operations the hub
 * serves, without examples and descriptions. The source package takes 385 MB on disk, so it is no dependency: it is
 * installed into a scratch folder and removed again.
 *
 *   node scripts/trim-openapi.mjs [folder that already holds the package]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OPERATIONS } from '../rehearsal/hub/operations.ts';

const SOURCE = '@octokit/openapi';
const VERSION = '23.0.2';
const TARGET = fileURLToPath(new URL('../rehearsal/hub/github/openapi.json', import.meta.url));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const install = (folder) => {
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', folder, `${SOURCE}@${VERSION}`], {
    stdio: ['ignore', 'ignore', 'inherit']
  });
};

const readSource = (folder) => {
  const root = join(folder, 'node_modules', SOURCE);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (version !== VERSION) throw new Error(`${SOURCE} is ${version}, wanted ${VERSION}`);
  return JSON.parse(readFileSync(join(root, 'generated', 'api.github.com.json'), 'utf8'));
};

const DROPPED = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'summary',
  'tags',
  'title',
  'deprecated'
]);

/** `nullable` of OpenAPI 3.0 in the words of JSON Schema, which 3.1 uses. */
const nullable = (schema) => {
  const { nullable: may, ...rest } = schema;
  if (may !== true) return rest;
  if (rest.type === undefined) return { anyOf: [rest, { type: 'null' }] };
  return { ...rest, type: [rest.type, 'null'], ...(rest.enum ? { enum: [...rest.enum, null] } : {}) };
};

/** Keys below `properties` are names of fields, not words of the schema: `description` stays there. */
const slim = (node, names = false) => {
  if (Array.isArray(node)) return node.map((item) => slim(item));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key]) => names || (!DROPPED.has(key) && (!key.startsWith('x-') || key === 'x-multi-segment'))
  );
  const slimmed = Object.fromEntries(kept.map(([key, value]) => [key, slim(value, !names && key === 'properties')]));
  return names ? slimmed : nullable(slimmed);
};

const at = (source, pointer) => {
  const found = pointer
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], source);
  if (found === undefined) throw new Error(`${pointer} leads nowhere`);
  return found;
};

/** References to schemas stay, and the schemas are collected; all other references are replaced by what they mean. */
const resolve = (source, node, schemas) => {
  if (Array.isArray(node)) return node.map((item) => resolve(source, item, schemas));
  if (typeof node !== 'object' || node === null) return node;
  if (typeof node.$ref === 'string') {
    const [, name] = /^#\/components\/schemas\/(.+)$/.exec(node.$ref) ?? [];
    if (name === undefined) return resolve(source, slim(at(source, node.$ref)), schemas);
    if (!schemas.has(name)) {
      schemas.set(name, undefined);
      schemas.set(name, resolve(source, slim(at(source, node.$ref)), schemas));
    }
    return { $ref: node.$ref };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(source, value, schemas)]));
};

/** Only JSON bodies are checked; the media type is kept, so that uploads can be told apart. */
const response = ({ content }) => {
  const schema = content?.['application/json']?.schema;
  return schema === undefined ? {} : { content: { 'application/json': { schema } } };
};

const operation = (entry) => ({
  operationId: entry.operationId,
  ...(entry.parameters ? { parameters: entry.parameters } : {}),
  ...(entry.requestBody ? { requestBody: entry.requestBody } : {}),
  responses: Object.fromEntries(Object.entries(entry.responses).map(([status, reply]) => [status, response(reply)]))
});

/** The schemas the kept parts refer to: other media types than JSON have left some behind. */
const reachable = (paths, schemas) => {
  const used = new Set();
  const visit = (node) => {
    for (const [, name] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas.get(name));
    }
  };
  visit(paths);
  return used;
};

const trim = (source) => {
  const schemas = new Map();
  const paths = {};
  const wanted = new Set(Object.keys(OPERATIONS));
  for (const [path, item] of Object.entries(source.paths)) {
    for (const method of METHODS) {
      const entry = item[method];
      if (entry === undefined || !wanted.delete(entry.operationId)) continue;
      paths[path] = { ...paths[path], [method]: operation(resolve(source, slim(entry), schemas)) };
    }
  }
  if (wanted.size > 0) throw new Error(`GitHub has no operation ${[...wanted].join(', ')}`);
  const used = reachable(paths, schemas);
  const sorted = Object.fromEntries(
    [...schemas].filter(([name]) => used.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  );
  return {
    openapi: '3.1.0',
    info: { title: `GitHub REST API, trimmed from ${SOURCE}`, version: VERSION, license: { name: 'MIT' } },
    paths,
    components: { schemas: sorted }
  };
};

const [given] = process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), 'openapi-'));
try {
  if (given === undefined) install(folder);
  const trimmed = trim(readSource(folder));
  const text = `${JSON.stringify(trimmed)}\n`;
  writeFileSync(TARGET, text);
  console.log(`${Object.keys(OPERATIONS).length} operations, ${Buffer.byteLength(text)} bytes -> ${TARGET}`);
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}

import { describe, expect, test } from '@jest/globals';
import { LANGUAGES, REASONS } from '../../src/contract.ts';
import type { Language, ReasonCode } from '../../src/contract.ts';
import { catalogueOf, partsOf, sentence } from '../../src/report/sentence.ts';
import { CODES, reasonWith } from './examples.ts';

/** A value that survives as it is and is found again: letters only, for dates and causes are rewritten. */
const marker = (name: string): string => `<<${name}>>`;

const placeholders = (code: ReasonCode, language: Language): string[] => {
  const text = sentence(reasonWith(code, marker), language);
  return [...new Set([...text.matchAll(/<<(\w+)>>/g)].map((match) => match[1] ?? ''))].toSorted();
};

/** Details that are numbers. */
const COUNTS = new Set([
  'files',
  'bytes',
  'seconds',
  'number',
  'inRow',
  'needed',
  'attempts',
  'record',
  'run',
  'minutes',
  'changes',
  'releases',
  'total'
]);

/** Every string of a catalogue, its functions called with markers. */
const texts = (value: unknown, path: string): [path: string, text: string][] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const argument = new Proxy({}, { get: (_, name) => (COUNTS.has(String(name)) ? 2 : marker(String(name))) });
    // Functions of plain values take numbers or names, functions of a kind take an object.
    const text: unknown = /\.(progress|notes|status|reasons|flaws)\./.test(path)
      ? value(argument)
      : value(2, marker('b'));
    return texts(text, path);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => texts(each, `${path}.${key}`));
};

const keys = (language: Language): string[] => texts(catalogueOf(language), '').map(([path]) => path);

/** What stands outside of code and quoted names of GitHub's pages. */
const prose = (text: string): string => text.replaceAll(/`[^`]*`|"[^"]*"/g, '');

describe.each(LANGUAGES)('the catalogue in %s', (language) => {
  test.each(CODES)('%s says what happened and what to do, with every detail', (code) => {
    const { what, next } = partsOf(reasonWith(code, marker), language);
    expect(what).toMatch(/[.?!]$/);
    expect(next).toMatch(/[.?!]$/);
    expect(what.length).toBeLessThan(200);
    expect(placeholders(code, language)).toEqual([...REASONS[code]].toSorted());
    expect(sentence(reasonWith(code, marker), language)).not.toMatch(/undefined|\[object|NaN|\{\w*\}/);
  });

  test('no value stands in a code span, where its escapes would show', () => {
    for (const code of CODES) {
      const { what, why = '', next } = partsOf(reasonWith(code, marker), language);
      for (const span of [what, why, next].flatMap((text) => text.match(/`[^`]*`/g) ?? []))
        expect(span).not.toContain('<<');
    }
  });

  test('our own words hold nothing that Markdown or GitHub would interpret', () => {
    for (const [path, text] of texts(catalogueOf(language), '')) {
      if (path.endsWith('.lines')) continue;
      expect(`${path}: ${prose(text).replaceAll(/<<\w+>>/g, '')}`).not.toMatch(/[<>*#@|[\]\\~$]|:\/\//);
      expect(text).not.toMatch(/undefined|\[object|NaN/);
    }
  });

  test('a cause brings no second full stop', () => {
    const text = sentence(
      reasonWith('build-failed', () => 'it broke.. '),
      language
    );
    expect(text).toContain('it broke. ');
  });
});

test('both languages say the same things about the same values', () => {
  expect(keys('pt-BR')).toEqual(keys('en'));
  for (const code of CODES) expect(placeholders(code, 'pt-BR')).toEqual(placeholders(code, 'en'));
  const parts = (language: Language): string[] =>
    CODES.map((code) => Object.keys(partsOf(reasonWith(code, marker), language)).join());
  expect(parts('pt-BR')).toEqual(parts('en'));
});

test('no text was left untranslated', () => {
  const portuguese = new Map(texts(catalogueOf('pt-BR'), ''));
  const same = texts(catalogueOf('en'), '')
    .filter(([path, text]) => portuguese.get(path) === text && !path.endsWith('.lines'))
    .map(([, text]) => text);
  // Kept words, and texts that are nothing but their value.
  expect(new Set(same)).toEqual(
    new Set(['hotfix', 'Tag', 'Commit', 'Digest', 'Release', 'lead time', '2 releases', marker('text'), marker('why')])
  );
});

describe('Portuguese is written with its accents', () => {
  const BARE =
    /\b(nao|versao|versoes|ja|ha|sera|esta (no ar|parada|aberta|sendo)|proximo|proxima|ultima|ultimo|mudanca|mudancas|producao|implantacao|reversao|execucao|aprovacao|verificacao|decisao|observacao|correcao|correcoes|simulacao|permissao|permissoes|publicacao|opcao|razao|padrao|codigo|maquina|maquinas|numero|so|ate|tambem|voce|alguem|ninguem|unica|historico|repositorio|repositorios|obrigatorio|obrigatorios|possivel|incompativel|incompativeis|copia|saida|endereco|automatico|minimo|maximo|apos|mao|proprio|propria|paginas?|pagina|inicio|duvida|acao|funcao|informacao|configuracao|entao|sao|tres|mes|conteudo|invalido|valida|necessario|necessaria|responsavel|indisponivel|rapido|usuario|seguranca|dificil|facil|faceis|atraves|porem|seguira)\b/i;

  test('in every text', () => {
    for (const [path, text] of texts(catalogueOf('pt-BR'), '')) expect(`${path}: ${prose(text)}`).not.toMatch(BARE);
  });

  test('the check itself sees a missing accent', () => {
    expect('A versao nao esta no ar').toMatch(BARE);
    expect('A versão não está no ar').not.toMatch(BARE);
  });
});

test('times are in UTC, with the reader first when the zone is known; limits read as durations', () => {
  const values: Record<string, string> = { needs: 'staging', since: '2026-11-23T02:30:00Z', limit: '604800' };
  const reason = reasonWith('best-before', (name) => values[name] ?? '');
  expect(partsOf(reason, 'en').what).toContain('23 Nov 2026, 02:30 UTC');
  expect(partsOf(reason, 'pt-BR', { zone: 'America/Sao_Paulo' }).what).toContain(
    '22/11/2026 23:30 America/Sao_Paulo (23/11/2026 02:30 UTC)'
  );
  expect(partsOf(reason, 'pt-BR').what).toContain('7 dias');
});

test('plural forms follow the count', () => {
  const of = (count: string, language: Language): string =>
    partsOf(
      reasonWith('max-changes', (name) => (name === 'changes' ? count : '0')),
      language
    ).what;
  expect(
    [of('1', 'en'), of('2', 'en'), of('1', 'pt-BR'), of('2', 'pt-BR')].map(
      (text) => /changes?|mudanças?/.exec(text)?.[0]
    )
  ).toEqual(['change', 'changes', 'mudança', 'mudanças']);
});

test('lines to copy keep their shape, one value per line', () => {
  const text = sentence(
    reasonWith('permission-missing', () => 'deployments: write'),
    'en'
  );
  expect(text).toMatch(/\n {2}permissions:\n {4}deployments: write$/);
});

test('untrusted values stay on their line', () => {
  const text = sentence(
    reasonWith('build-failed', () => 'a\nb\u001B[31m\u202Ec'),
    'en'
  );
  expect(text).toContain('a b[31mc');
});

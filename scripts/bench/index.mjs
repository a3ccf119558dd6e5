// npm run bench -- [--quick | --no-peers] [--strict] [--only version|pack|start|calls|report] [--scratch DIR]        (docs/performance.md)
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { missedIn, tableOf } from './figures.ts';
import { readOptions } from './options.ts';

const options = readOptions(process.argv.slice(2));

const load = () => loadavg()[0].toFixed(1);

const header = () =>
  [
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.version}`,
    execFileSync('git', ['--version'], { encoding: 'utf8' }).trim(),
    `load ${load()}`,
    new Date().toISOString().slice(0, 10)
  ].join(', ');

const print = ({ title, rows, notes = [] }) =>
  console.log([`## ${title}`, '', tableOf(rows), ...(notes.length === 0 ? [] : ['', ...notes]), ''].join('\n'));

console.log(`${header()}\n`);
const sections = [];
for (const part of options.parts) {
  const began = performance.now();
  const { run } = await import(`./${part}.mjs`);
  const found = await run(options);
  found.forEach(print);
  sections.push(...found);
  console.log(`${part}: ${((performance.now() - began) / 1000).toFixed(0)} s, load now ${load()}\n`);
}

const missed = missedIn(sections);
console.log(missed === 0 ? 'Every bar that was measured holds.' : `Bars missed: ${missed}.`);
if (missed > 0 && options.strict) process.exitCode = 1;

/**
 * Writes docs/checks.md: every check with the tests that show it, or the reason why none does. With `--check` it writes
 * nothing, names what is missing or stale, and fails.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CHECKS } from './checks/list.mjs';
import { Fault, inRoot, main, say } from './project.mjs';

const FILE = 'docs/checks.md';
const SHOWN_TESTS = 6;

const INTRODUCTION = `# Checks

What Waypost must survive, and the test that shows it. The id of a check begins the title of its tests, so that
\`npm test -- -t 'T9 '\` runs them. Made by \`npm run docs:checks\`; do not edit.
`;

const escape = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const testsCell = (tests) => {
  const byFile = Map.groupBy(tests, ({ file }) => file);
  const lines = [...byFile].map(([file, of]) => {
    const titles = [...new Set(of.map(({ title }) => title))];
    const shown = titles.slice(0, SHOWN_TESTS).map((title) => `“${escape(title)}”`);
    const more = titles.length > SHOWN_TESTS ? `; and ${titles.length - SHOWN_TESTS} more` : '';
    return `\`${file}\`: ${shown.join('; ')}${more}`;
  });
  return lines.join('<br>');
};

const cellOf = (id, check, tests) => {
  const cells = [];
  if (tests.length > 0) cells.push(testsCell(tests));
  if (check.script) cells.push(`\`npm run test:crash\` (\`${check.script}\`)`);
  if (check.missing) cells.push(`Not shown: ${check.missing}`);
  if (check.rest) cells.push(`Left: ${check.rest}`);
  return cells.join('<br>');
};

const faultsOf = (id, check, tests) => {
  if (check.missing && tests.length > 0) return [`${id} has a test and a reason for having none`];
  if (check.script && !existsSync(inRoot(check.script))) return [`${id}: ${check.script} is not there`];
  const isShown = tests.length > 0 || check.script || check.missing;
  return isShown ? [] : [`${id} has neither a test nor a reason`];
};

await main(async () => {
  const { findTests } = await import('./checks/titles.mjs');
  const found = findTests();
  const faults = [];
  const sections = Object.entries(CHECKS).map(([area, checks]) => {
    const rows = Object.entries(checks).map(([id, check]) => {
      const tests = found.get(id) ?? [];
      faults.push(...faultsOf(id, check, tests));
      return `| ${id} | ${escape(check.asks)} | ${cellOf(id, check, tests)} |`;
    });
    return `## ${area}\n\n| id | what must be seen | shown by |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const text = [INTRODUCTION, ...sections].join('\n');
  if (process.argv.includes('--check')) {
    const isStale = !existsSync(inRoot(FILE)) || readFileSync(inRoot(FILE), 'utf8') !== text;
    if (isStale) faults.push(`${FILE} is stale: run \`npm run docs:checks\``);
  } else {
    writeFileSync(inRoot(FILE), text);
    say(`Written: ${FILE}.`);
  }
  if (faults.length > 0) throw new Fault(faults.join('\n'));
});

/** Finds the tests whose title begins with the id of a check, or ends with it in brackets. */
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import typescript from 'typescript';
import { inRoot, ROOT } from '../project.mjs';

const TELLERS = /^(it|test|describe\w*)$/;
const ID = '[A-Z]\\d+';
const FIRST = new RegExp(`^${ID}(?:[\\s,]+${ID})*(?![\\w])`);
const LAST = new RegExp(`\\((${ID}(?:, ${ID})*)\\)$`);

const idsIn = (title) => {
  const found = FIRST.exec(title)?.[0] ?? LAST.exec(title)?.[1] ?? '';
  return found.match(new RegExp(ID, 'g')) ?? [];
};

const rootName = (expression) => {
  if (typescript.isIdentifier(expression)) return expression.text;
  if (typescript.isCallExpression(expression) || typescript.isPropertyAccessExpression(expression))
    return rootName(expression.expression);
  return '';
};

const textOf = (node) => {
  if (node === undefined) return undefined;
  if (typescript.isStringLiteralLike(node)) return node.text;
  if (typescript.isTemplateExpression(node)) return `${node.head.text}…`;
  return undefined;
};

/** The first texts of the rows of `it.each([['B1', …], …])('%s …')`. */
const rowTexts = (expression) => {
  const rows = typescript.isCallExpression(expression) ? expression.arguments[0] : undefined;
  if (rows === undefined || !typescript.isArrayLiteralExpression(rows)) return [];
  return rows.elements.flatMap((row) => {
    const first = typescript.isArrayLiteralExpression(row) ? row.elements[0] : row;
    return textOf(first) ?? [];
  });
};

/** A group whose title is nothing but an id hands it on to the tests in it. */
const isBareId = (title) => title !== undefined && new RegExp(`^${ID}$`).test(title);

const titlesIn = (source) => {
  const titles = [];
  const visit = (node, prefix) => {
    let within = prefix;
    if (typescript.isCallExpression(node) && TELLERS.test(rootName(node.expression))) {
      const title = textOf(node.arguments[0]);
      if (isBareId(title)) within = `${title} `;
      else if (title?.startsWith('%s')) {
        for (const text of new Set(rowTexts(node.expression))) titles.push(prefix + title.replace('%s', text));
      } else if (title !== undefined) titles.push(prefix + title);
    }
    typescript.forEachChild(node, (child) => visit(child, within));
  };
  visit(source, '');
  return titles;
};

/** By id of check: `{ file, title }` of each test that shows it. */
export const findTests = () => {
  const byId = new Map();
  const files = globSync(['src/**/*spec.ts', 'src/**/*.conformance.ts', 'test/**/*spec.ts'], { cwd: ROOT });
  for (const file of files.sort()) {
    const text = readFileSync(inRoot(file), 'utf8');
    const source = typescript.createSourceFile(file, text, typescript.ScriptTarget.Latest, true);
    for (const title of titlesIn(source)) {
      for (const id of idsIn(title)) byId.set(id, [...(byId.get(id) ?? []), { file: relative('.', file), title }]);
    }
  }
  return byId;
};

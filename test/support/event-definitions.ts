import { globSync, readFileSync } from 'node:fs';

import ts from 'typescript';

export interface DefinedEvent {
  readonly name: string;
  /** The members of `data` with their types, as the compiler writes them. */
  readonly fields: Readonly<Record<string, string>>;
}

const eventOf = (node: ts.Node, checker: ts.TypeChecker): DefinedEvent | undefined => {
  // defineEvent<Data>()('name')
  if (!ts.isCallExpression(node) || !ts.isCallExpression(node.expression)) return undefined;
  const { expression: inner, typeArguments } = node.expression;
  const [name] = node.arguments;
  const [data] = typeArguments ?? [];
  if (inner.getText() !== 'defineEvent' || !data || !name || !ts.isStringLiteral(name)) return undefined;
  const members = checker.getTypeFromTypeNode(data).getProperties();
  const typeOf = (member: ts.Symbol): string =>
    checker.typeToString(checker.getTypeOfSymbol(member), undefined, ts.TypeFormatFlags.NoTruncation);
  return { name: name.text, fields: Object.fromEntries(members.map((member) => [member.name, typeOf(member)])) };
};

/** Every event of the sources, read by the compiler: the payload is a type and exists nowhere else. */
export const definedEvents = (): readonly DefinedEvent[] => {
  const files = globSync('src/modules/**/*.ts').filter((file) => readFileSync(file, 'utf8').includes('defineEvent<'));
  const program = ts.createProgram(files, { strict: true, noEmit: true, types: [], skipLibCheck: true });
  const checker = program.getTypeChecker();
  const events: DefinedEvent[] = [];
  const visit = (node: ts.Node): void => {
    const event = eventOf(node, checker);
    if (event) events.push(event);
    ts.forEachChild(node, visit);
  };
  for (const source of program.getSourceFiles()) {
    if (!source.isDeclarationFile && source.text.includes('defineEvent<')) visit(source);
  }
  return events;
};

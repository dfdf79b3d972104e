import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { pageScript } from './page-script.ts';

describe(pageScript.name, () => {
  const directory = mkdtempSync(join(tmpdir(), 'wa-web-sim-page-'));
  const write = (name: string, source: string): void => {
    writeFileSync(join(directory, name), source);
  };

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('runs modules in the order in which they need each other, each once', () => {
    write('main.js', "import { b } from './b.js';\nimport { a } from './a.js';\nglobalThis.joined = [a, b].join();\n");
    write('b.js', "import {\n  a,\n} from './a.js';\nexport const b = `b of ${a}`;\n");
    write('a.js', "globalThis.runs = (globalThis.runs ?? 0) + 1;\nexport const a = 'a';\n");
    const page = {};
    runInNewContext(pageScript(directory, 'main.js'), page);
    expect(page).toEqual({ joined: 'a,b of a', runs: 1 });
  });

  it('refuses modules that import each other', () => {
    write('x.js', "import { y } from './y.js';\nexport const x = y;\n");
    write('y.js', "import { x } from './x.js';\nexport const y = x;\n");
    expect(() => pageScript(directory, 'x.js')).toThrow('x.js -> y.js -> x.js');
  });

  it('refuses a form that it does not understand', () => {
    write('z.js', 'export default 1;\n');
    expect(() => pageScript(directory, 'z.js')).toThrow('export default');
  });
});

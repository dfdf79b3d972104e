import { commandLine } from './command-line.ts';

describe(commandLine.name, () => {
  it('reads settings as JSON, and as text where they are none', () => {
    expect(commandLine(['--qrCount=2', '--lidMode=true', '--stuck=sync', '--removeModules=["A"]'])).toEqual({
      qrCount: 2,
      lidMode: true,
      stuck: 'sync',
      removeModules: ['A'],
    });
  });

  it('names an argument that is no setting', () => {
    expect(commandLine(['--nothing=1'])).toContain('unknown argument --nothing=1');
  });
});

import { readStopWord } from './stop-words.js';

describe('words that end all messages', () => {
  it.each([
    'STOP',
    ' stop. ',
    'Stop!',
    'SAIR',
    'Arrêt',
    'ＳＴＯＰ',
    'Opt-out',
    '«Baja»',
    'ST\u200bOP',
    `STOP${'\n'.repeat(60)}`,
  ])('reads %j as stop', (text) => {
    expect(readStopWord(text)).toBe('stop');
  });

  it.each(['START', 'unstop', 'Voltar.'])('reads %j as start', (text) => {
    expect(readStopWord(text)).toBe('start');
  });

  it.each(['', 'stop it, please', 'nonstop', 'bus stop', 'YES', '🛑', 'stop '.repeat(50)])('lets %j pass', (text) => {
    expect(readStopWord(text)).toBeNull();
  });
});

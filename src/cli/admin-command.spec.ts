import { parseAdminCommand, passwordFrom } from './admin-command.js';

describe(parseAdminCommand.name, () => {
  it('reads the two commands', () => {
    expect(parseAdminCommand(['create', 'a@example.org'])).toEqual({ verb: 'create', email: 'a@example.org' });
    expect(parseAdminCommand(['reset-password', 'a@example.org'])?.verb).toBe('reset-password');
  });

  it.each([[[]], [['create']], [['create', 'nobody']], [['remove', 'a@b.org']], [['create', 'a@b.org', 'x']]])(
    'refuses %j',
    (words) => {
      expect(parseAdminCommand(words)).toBeNull();
    },
  );
});

describe(passwordFrom.name, () => {
  it.each([
    ['', undefined],
    ['\n', undefined],
    ['a plain long passphrase\n', 'a plain long passphrase'],
    ['a plain long passphrase\r\nrest', 'a plain long passphrase'],
    [' leading and trailing ', ' leading and trailing '],
    ['elevenchars', null],
    ['x'.repeat(1025), null],
    ['twelve chars\0', null],
  ])('reads %j as %j', (input, password) => {
    expect(passwordFrom(input)).toBe(password);
  });
});

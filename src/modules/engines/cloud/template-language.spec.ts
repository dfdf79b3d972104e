import fc from 'fast-check';

import { chooseLanguage } from './template-language.js';

describe(chooseLanguage.name, () => {
  it.each<[readonly string[], string, string | null, string | null]>([
    [['en_US', 'pt_BR', 'pt'], 'pt_BR', null, 'pt_BR'],
    [['en_US', 'pt'], 'pt_BR', null, 'pt'],
    [['en_US', 'es'], 'pt_BR', 'en_US', 'en_US'],
    [['en', 'es'], 'pt_BR', 'en_US', 'en'],
    [['en_US'], 'pt_BR', null, null],
    [['en_US'], 'pt_BR', 'fr', null],
    // `en` is not `en_US`: what was not asked for is not sent.
    [['en_US'], 'en', null, null],
    [['pt_PT'], 'pt_BR', null, null],
    [['en-US'], 'en_US', null, 'en-US'],
    [['pt_BR'], 'pt-br', null, 'pt_BR'],
    [['en-US', 'en_US'], 'en_US', null, 'en_US'],
    [['zh', 'zh_HK'], 'zh_HK', null, 'zh_HK'],
    [[], 'en', 'en', null],
  ])('of %j for %s, else %s, takes %s', (available, wanted, configured, expected) => {
    expect(chooseLanguage(available, wanted, configured)).toBe(expected);
  });

  it('takes only what is available, and what is wanted whenever it is', () => {
    const language = fc.constantFrom('en', 'en_US', 'en_GB', 'pt', 'pt_BR', 'es', 'zh_HK');
    fc.assert(
      fc.property(fc.uniqueArray(language), language, language, (available, wanted, configured) => {
        const chosen = chooseLanguage(available, wanted, configured);
        if (chosen !== null) expect(available).toContain(chosen);
        if (available.includes(wanted)) expect(chosen).toBe(wanted);
        else if (available.includes(configured)) expect(chosen).not.toBeNull();
      }),
    );
  });
});

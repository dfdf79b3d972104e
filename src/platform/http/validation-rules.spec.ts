import { getMetadataStorage, IsInt, IsString, MetadataStorage, validateSync } from 'class-validator';

import { keepValidationRules } from './validation-rules.js';

const failing = (object: object, groups?: string[]): readonly string[] =>
  validateSync(object, groups && { groups }).map(({ property }) => property);

describe(keepValidationRules.name, () => {
  beforeAll(() => {
    keepValidationRules();
    keepValidationRules();
  });

  it('finds the rules of a class that is declared after another one was checked', () => {
    class First {
      @IsInt()
      readonly a = 'no number';
    }
    expect(failing(new First())).toEqual(['a']);
    class Second extends First {
      @IsString()
      readonly b = 1;
    }
    expect(failing(new Second()).toSorted()).toEqual(['a', 'b']);
    expect(failing(new First())).toEqual(['a']);
  });

  it('finds a rule that is added to a class which was checked before', () => {
    class Grown {
      @IsInt()
      readonly a = 1;
      readonly b: unknown = 1;
    }
    expect(failing(new Grown())).toEqual([]);
    IsString()(Grown.prototype, 'b');
    expect(failing(new Grown())).toEqual(['b']);
  });

  it('keeps apart what is asked for by groups', () => {
    class Grouped {
      @IsInt({ groups: ['one'] })
      readonly a = 'no number';
      @IsString({ groups: ['two'] })
      readonly b = 1;
    }
    expect(failing(new Grouped()).toSorted()).toEqual(['a', 'b']);
    expect(failing(new Grouped(), ['one'])).toEqual(['a']);
    expect(failing(new Grouped(), ['two'])).toEqual(['b']);
  });

  it('looks the rules of a class up once', () => {
    class Often {
      @IsInt()
      readonly a = 1;
    }
    const rules = (): unknown => getMetadataStorage().getTargetValidationMetadatas(Often, '', false, false);
    expect(rules()).toBe(rules());
    expect(new MetadataStorage().getTargetValidationMetadatas(Often, '', false, false)).toEqual([]);
  });
});

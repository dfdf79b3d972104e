import { DEFAULT_CONFIG, isSetting, type SimConfig } from './config.ts';

/** The settings among the arguments, or what is wrong with them. */
export function commandLine(args: readonly string[]): Partial<SimConfig> | string {
  const settings = new Map<string, unknown>();
  for (const argument of args) {
    const [, name = '', value = ''] = /^--([A-Za-z]+)=(.*)$/.exec(argument) ?? [];
    if (!isSetting(name)) {
      const known = Object.keys(DEFAULT_CONFIG).join(' ');
      return `unknown argument ${argument}; settings are --name=value, names: ${known}`;
    }
    settings.set(name, parse(value));
  }
  return Object.fromEntries(settings);
}

/** Numbers, booleans and lists are written as in JSON; everything else is text. */
function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

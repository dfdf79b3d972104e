/** What a person sees: one line a step, with the time that it took. */
import { performance } from 'node:perf_hooks';
import { say } from '../project.mjs';

const NAME_WIDTH = 14;
const TEXT_WIDTH = 84;

const isColourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (isColourful ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = (text) => paint(1, text);
const dim = (text) => paint(2, text);
const green = (text) => paint(32, text);
const red = (text) => paint(31, text);

const duration = (ms) => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(2)} s`);

export const title = (text) => say(bold(text));
export const note = (text) => say(dim(text));

/** One run of the story: numbers its steps and keeps count of their time. */
export class Screen {
  #steps = 0;
  #began = performance.now();

  constructor(heading) {
    say('');
    title(heading);
  }

  /** Runs a step and shows it with the sentence that it answers; a step that fails is shown and passed on. */
  async step(name, work) {
    this.#steps += 1;
    const label = `  ${String(this.#steps).padStart(2)}  ${name.padEnd(NAME_WIDTH)}`;
    const began = performance.now();
    try {
      const text = await work();
      say(`${green('✓')}${label}${text.padEnd(TEXT_WIDTH)} ${dim(duration(performance.now() - began).padStart(8))}`);
    } catch (error) {
      say(`${red('✗')}${label}${error.message} ${dim(duration(performance.now() - began))}`);
      throw error;
    }
  }

  end() {
    say(dim(`   ${this.#steps} steps in ${duration(performance.now() - this.#began)}`));
  }
}

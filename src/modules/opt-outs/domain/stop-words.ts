/** What people write who want no more messages, in the languages of those who were asked; folded. */
const STOP: ReadonlySet<string> = new Set([
  ...['stop', 'stop all', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'opt out', 'optout'],
  ...['sair', 'parar', 'pare', 'cancelar', 'remover', 'descadastrar'],
  ...['baja', 'alto', 'salir', 'detener', 'darse de baja'],
  ...['arret', 'arreter', 'desabonner', 'desinscrire'],
  ...['stopp', 'abmelden', 'abbestellen'],
  ...['ferma', 'fermare', 'disiscrivi', 'annulla'],
]);

const START: ReadonlySet<string> = new Set([
  ...['start', 'unstop', 'subscribe', 'opt in', 'optin'],
  ...['voltar', 'assinar', 'alta', 'reprendre', 'anmelden', 'iscrivi'],
]);

/** Of a text that is folded; what is longer than this before is not folded at all. */
const MAX_LENGTH = 40;
const MAX_WRITTEN = 1000;

/** Without case, accents, signs, what cannot be seen, and the space around words. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();

/** What a whole message asks for; null for every message that merely contains such a word. */
export const readStopWord = (text: string): 'stop' | 'start' | null => {
  if (text.length > MAX_WRITTEN) return null;
  const word = fold(text);
  if (word.length > MAX_LENGTH) return null;
  if (STOP.has(word)) return 'stop';
  return START.has(word) ? 'start' : null;
};

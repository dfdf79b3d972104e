export interface ReplyRule {
  readonly keywords: readonly string[];
  readonly match: 'exact' | 'contains';
  readonly reply: string;
}

/** How a session answers by itself. */
export interface ReplyRules {
  readonly mode: 'off' | 'echo' | 'rules';
  readonly rules: readonly ReplyRule[];
}

/** Without case, accents and the space around words; signs and emoji stay, for they may be what is asked for. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim().toLowerCase();

/** Signs that people put around a word without meaning anything by them. */
const bare = (folded: string): string => folded.replace(/^[\s.,;:!?¡¿"'«»]+|[\s.,;:!?"'«»]+$/gu, '');

const matches = ({ keywords, match }: ReplyRule, folded: string): boolean =>
  keywords.some((keyword) => {
    const wanted = foldText(keyword);
    if (wanted === '') return false;
    if (match === 'contains') return folded.includes(wanted);
    return folded === wanted || (bare(wanted) !== '' && bare(folded) === bare(wanted));
  });

/** What is answered to this text; null for nothing. The first rule that fits wins. */
export const findReply = (text: string, { mode, rules }: ReplyRules): string | null => {
  if (mode === 'off') return null;
  const folded = foldText(text);
  if (folded === '') return null;
  if (mode === 'echo') return text;
  return rules.find((rule) => matches(rule, folded))?.reply ?? null;
};

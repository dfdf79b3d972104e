/** `pt-br`, `pt_BR` and `PT_BR` are one language; Meta itself writes it in more than one way. */
const normalised = (language: string): string => language.replaceAll('-', '_').toLowerCase();

const baseOf = (language: string): string => normalised(language).split('_')[0] ?? '';

/**
 * The language in which a template is sent: the wanted one, else the same one without a country (`pt_BR` → `pt`), else
 * the configured one in the same way. It is given exactly as it is approved, since Meta takes nothing else; null when
 * the template exists in none of them.
 */
export const chooseLanguage = (
  available: readonly string[],
  wanted: string,
  configured: string | null = null,
): string | null => {
  const find = (language: string): string | undefined =>
    // The one that is written exactly so goes before one that only means the same.
    available.find((one) => one === language) ?? available.find((one) => normalised(one) === normalised(language));
  const candidates = [wanted, baseOf(wanted), ...(configured === null ? [] : [configured, baseOf(configured)])];
  for (const candidate of candidates) {
    const found = find(candidate);
    if (found !== undefined) return found;
  }
  return null;
};

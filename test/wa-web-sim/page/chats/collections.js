/**
 * WhatsApp's collections by name. It is empty here and filled by collection-setup.js, so that models which look
 * each other up need not import each other.
 */
export const collections = {};

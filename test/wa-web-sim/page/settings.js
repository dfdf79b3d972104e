/** The simulator's settings for this page; the server puts them in front of the page's script. */
export const settings = window.__WASIM_CFG__ || {};

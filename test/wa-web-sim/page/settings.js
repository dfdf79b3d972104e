/** The simulator's settings for this page; /sim/config.js puts them there before any module runs. */
export const settings = window.__WASIM_CFG__ || {};

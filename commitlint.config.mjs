/** Conventional commits; the scope is a folder of the house (`feat(messages): …`). */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    // Long enough for a sentence that says what changes for whom.
    'header-max-length': [2, 'always', 120],
    'body-max-line-length': [0],
    'subject-case': [0],
  },
};

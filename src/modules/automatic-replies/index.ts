/**
 * Answers by itself. Owns what was exchanged with whom, so that it never goes round in a circle; how a session answers is
 * a setting of the session.
 */
export { AutomaticRepliesModule } from './automatic-replies.module.js';

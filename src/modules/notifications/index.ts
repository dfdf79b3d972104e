/**
 * Tells people. Owns the incidents of sessions and what administrators were told about them, in the application and by
 * mail, once an incident. It never shows a QR code, a secret or a whole phone number.
 */
export { NotificationsModule } from './notifications.module.js';

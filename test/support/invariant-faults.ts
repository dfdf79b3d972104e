/** Statements that answer a row for each fault. */
export const FAULTS = {
  'an inbound message is stored twice': `
    SELECT session_id, provider_message_id FROM message
    WHERE direction = 'INBOUND' AND provider_message_id IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) > 1`,
  'a session has more than one live lease': `
    SELECT session_id FROM session_lease WHERE expires_at > now() GROUP BY 1 HAVING count(*) > 1`,
  'a session is READY and nobody holds its lease': `
    SELECT s.id FROM session AS s WHERE s.status = 'READY' AND NOT EXISTS (
      SELECT FROM session_lease AS l WHERE l.session_id = s.id AND l.expires_at > now())`,
  'an idempotency key of a send stands for no message': `
    SELECT key FROM idempotency_key AS k WHERE k.route IN ('POST /v1/messages', 'POST /whatsapp/send')
      AND NOT EXISTS (SELECT FROM message AS m WHERE m.id = k.resource)`,
  'a message is being sent under a claim that nobody holds': `
    SELECT m.id FROM message AS m WHERE m.status = 'SENDING' AND NOT EXISTS (
      SELECT FROM session_lease AS l
      WHERE l.session_id = m.session_id AND l.fence = m.claim_fence AND l.expires_at > now())`,
  'a message has more or fewer tries than are written down': `
    SELECT m.id FROM message AS m WHERE m.direction = 'OUTBOUND'
      AND m.attempts <> (SELECT count(*) FROM message_attempt AS t WHERE t.message_id = m.id)`,
  'a status is parked for a message that is known': `
    SELECT p.provider_message_id FROM parked_ack AS p JOIN message_attempt AS t USING (provider_message_id)
    JOIN message AS m ON m.id = t.message_id AND m.session_id = p.session_id`,
  'a batch has other figures than messages and refusals': `
    SELECT b.id, b.given, b.accepted FROM batch AS b
    WHERE b.accepted <> (SELECT count(*) FROM message AS m WHERE m.batch_id = b.id)
      OR b.given <> b.accepted + (SELECT count(*) FROM batch_refusal AS r WHERE r.batch_id = b.id)`,
  'a message of a batch goes through another session': `
    SELECT m.id FROM message AS m JOIN batch AS b ON b.id = m.batch_id WHERE b.session_id <> m.session_id`,
  'a message has a file that is not there': `
    SELECT m.id FROM message AS m WHERE m.media_id IS NOT NULL AND m.status IN ('SCHEDULED', 'QUEUED', 'SENDING')
      AND NOT EXISTS (SELECT FROM media AS f WHERE f.id = m.media_id)`,
  'a file is said to be stored and has no name': `
    SELECT m.id FROM message AS m WHERE m.media_status = 'STORED' AND m.media_id IS NULL`,
  'a message came in and has a status of one that goes out': `
    SELECT m.id FROM message AS m WHERE m.direction = 'INBOUND' AND m.status <> 'RECEIVED'`,
  'a message got further than its times say': `
    SELECT m.id, m.status FROM message AS m WHERE m.direction = 'OUTBOUND' AND (
      (m.status IN ('DELIVERED', 'READ', 'PLAYED') AND m.delivered_at IS NULL)
      OR (m.status IN ('READ', 'PLAYED') AND m.read_at IS NULL)
      OR (m.delivered_at IS NOT NULL AND m.sent_at IS NULL))`,
  // The wish is looked up a moment before the try is written down.
  'a message was sent to somebody who wants none': `
    SELECT m.id FROM message_attempt AS t JOIN message AS m ON m.id = t.message_id
    JOIN opt_out AS o ON o.phone = m.recipient AND o.session_id IN ('', m.session_id)
    WHERE t.started_at > o.created_at + interval '2 seconds'`,
  'a message was sent before its time': `
    SELECT m.id FROM message_attempt AS t JOIN message AS m ON m.id = t.message_id
    WHERE t.started_at < m.scheduled_at - interval '1 second'`,
  'a message of a paused batch is not held, or one of a running batch is': `
    SELECT m.id, b.state FROM message AS m JOIN batch AS b ON b.id = m.batch_id
    WHERE m.status = 'QUEUED' AND m.is_held <> (b.state = 'PAUSED')`,
  'a durable consumer has given up an event': `
    SELECT consumer, event_id, error FROM event_dead_letter`,
  'a cancelled batch still has something to send': `
    SELECT m.id FROM message AS m JOIN batch AS b ON b.id = m.batch_id
    WHERE b.state = 'CANCELLED' AND m.status IN ('QUEUED', 'SCHEDULED')`,
} as const;

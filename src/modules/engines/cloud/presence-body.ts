/**
 * "Mark messages as read" and "Typing indicators": the body of `POST /{phone-number-id}/messages` that marks a message
 * and all before it as read. An indicator of typing goes only with it, and is shown until an answer comes or for 25
 * seconds.
 */
export const markReadBody = (providerMessageId: string, isTyping: boolean): object => ({
  messaging_product: 'whatsapp',
  status: 'read',
  message_id: providerMessageId,
  ...(isTyping && { typing_indicator: { type: 'text' } }),
});

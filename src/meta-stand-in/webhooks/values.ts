import { type Json, present } from '../base/json.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type Person } from '../state/people.js';

/** The frame of every value of the field `messages` (Webhooks, "messages"). */
export const messagesValue = (number: PhoneNumber, content: Json): Json => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: digitsOf(number.displayPhoneNumber), phone_number_id: number.id },
  ...content,
});

/** A person as in `contacts[]`: the phone number is missing when the business may not see it. */
export const contactOf = (person: Person): Json =>
  present({
    profile: present({ name: person.name, username: person.username }),
    wa_id: person.isPhoneHidden ? undefined : person.waId,
    user_id: person.userId,
    identity_key_hash: person.identityHash,
  });

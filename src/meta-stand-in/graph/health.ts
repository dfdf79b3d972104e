import { type Json } from '../base/json.js';
import { type Account, type PhoneNumber, SENDING_STATUSES } from '../state/directory.js';

const AVAILABLE = 'AVAILABLE';
const BLOCKED = 'BLOCKED';
const LIMITED = 'LIMITED';

const ofNumber = ({ status, nameStatus }: PhoneNumber): string => {
  if (!SENDING_STATUSES.includes(status)) return BLOCKED;
  return status === 'CONNECTED' && nameStatus === 'APPROVED' ? AVAILABLE : LIMITED;
};

/** Whether messages can be sent, and what stands in the way ("Messaging health status"). */
export const healthOf = (account: Account, number?: PhoneNumber): Json => {
  const own = number === undefined ? AVAILABLE : ofNumber(number);
  const entities = [
    ...(number === undefined ? [] : [{ entity_type: 'PHONE_NUMBER', id: number.id, can_send_message: own }]),
    { entity_type: 'WABA', id: account.id, can_send_message: AVAILABLE },
    { entity_type: 'APP', id: account.app.id, can_send_message: AVAILABLE },
  ];
  return { can_send_message: own, entities };
};

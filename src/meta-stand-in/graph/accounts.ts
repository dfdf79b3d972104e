import { type Json, present } from '../base/json.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type Account } from '../state/directory.js';
import { pickFields } from './fields.js';
import { bodyOf, type GraphRequest, requireScope } from './graph-request.js';
import { healthOf } from './health.js';
import { readOverride } from './numbers.js';

const USUAL = ['name', 'timezone_id', 'message_template_namespace'];

/** `GET /{waba-id}` (WhatsApp Business Management API, "WhatsApp Business Account"). */
export const readAccount = (request: GraphRequest, account: Account): Answer => {
  const all = {
    id: account.id,
    name: account.name,
    timezone_id: '1',
    currency: 'USD',
    country: 'US',
    message_template_namespace: `stand_in_${account.id}`,
    account_review_status: 'APPROVED',
    business_verification_status: 'verified',
    ownership_type: 'SELF',
    status: 'ACTIVE',
    health_status: healthOf(account),
  };
  return answerJson(pickFields(request, all, USUAL, 'WhatsAppBusinessAccount'));
};

const describeApp = ({ app, override }: Account): Json =>
  present({
    whatsapp_business_api_data: {
      id: app.id,
      name: 'Stand-in',
      link: `https://www.facebook.com/games/?app_id=${app.id}`,
    },
    override_callback_uri: override?.url,
  });

/** Which apps hear of this account ("Webhook overrides", subscribed apps). */
export const listSubscribedApps = (_request: GraphRequest, account: Account): Answer =>
  answerJson({ data: account.isSubscribed ? [describeApp(account)] : [] });

export const subscribeApp = async (request: GraphRequest, account: Account): Promise<Answer> => {
  requireScope(request, 'management');
  account.override = await readOverride(request, bodyOf(request));
  account.isSubscribed = true;
  return answerJson({ success: true });
};

export const unsubscribeApp = (request: GraphRequest, account: Account): Answer => {
  requireScope(request, 'management');
  account.isSubscribed = false;
  account.override = undefined;
  return answerJson({ success: true });
};

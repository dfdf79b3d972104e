import { isRecord, type Json, present, recordOf, textOf } from '../base/json.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type Account, type Callback, type PhoneNumber } from '../state/directory.js';
import { shakeHands } from '../webhooks/handshake.js';
import { pickFields } from './fields.js';
import { GraphError, invalid, missing } from './graph-error.js';
import { bodyOf, type GraphRequest, requireScope } from './graph-request.js';
import { healthOf } from './health.js';
import { pageOf } from './paging.js';

const USUAL = [
  ...['verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating', 'platform_type'],
  ...['throughput', 'webhook_configuration'],
];
const PIN = /^\d{6}$/;
const MAX_REGISTRATIONS = 10;
const REGISTRATION_SPAN_MS = 72 * 3_600_000;
const MAX_CALLBACK = 200;

/** Everything that is told about a number (Cloud API, Reference, "Phone Number"). */
const describe = (number: PhoneNumber): Json => {
  const { account } = number;
  return {
    id: number.id,
    verified_name: number.verifiedName,
    display_phone_number: number.displayPhoneNumber,
    quality_rating: number.qualityRating,
    status: number.status,
    name_status: number.nameStatus,
    code_verification_status: number.codeVerificationStatus,
    platform_type: 'CLOUD_API',
    host_platform: 'CLOUD_API',
    account_mode: 'LIVE',
    throughput: { level: number.throughputLevel },
    messaging_limit_tier: number.messagingLimitTier,
    whatsapp_business_manager_messaging_limit: number.messagingLimitTier,
    is_official_business_account: false,
    is_pin_enabled: number.pin !== undefined,
    health_status: healthOf(account, number),
    webhook_configuration: present({
      phone_number: number.override?.url,
      whatsapp_business_account: account.override?.url,
      application: account.app.callback?.url,
    }),
  };
};

export const readNumber = (request: GraphRequest, number: PhoneNumber): Answer =>
  answerJson(pickFields(request, describe(number), USUAL, 'WhatsAppBusinessPhoneNumber'));

export const listNumbers = (request: GraphRequest, account: Account): Answer =>
  answerJson(
    pageOf(request, request.world.directory.numbersOf(account), (number) =>
      pickFields(request, describe(number), USUAL, 'WhatsAppBusinessPhoneNumber'),
    ),
  );

/** `POST /{phone-number-id}`: the PIN, or another place for the webhooks of this number. */
export const changeNumber = async (request: GraphRequest, number: PhoneNumber): Promise<Answer> => {
  requireScope(request, 'management');
  const body = bodyOf(request);
  if (isRecord(body['webhook_configuration'])) {
    number.override = await readOverride(request, body['webhook_configuration']);
  } else {
    number.pin = readPin(body);
  }
  return answerJson({ success: true });
};

/** Every place for webhooks proves itself before it is used; an empty one takes it back ("Webhook overrides"). */
export const readOverride = async ({ world }: GraphRequest, body: Json): Promise<Callback | undefined> => {
  const url = textOf(body['override_callback_uri']);
  if (url === undefined || url === '') return undefined;
  const verifyToken = textOf(body['verify_token']);
  if (verifyToken === undefined) throw missing('verify_token');
  if (url.length > MAX_CALLBACK || !URL.canParse(url)) throw invalid('override_callback_uri is not valid');
  const { isVerified } = await shakeHands(world, { url, verifyToken });
  if (!isVerified) throw new GraphError({ code: 2200, status: 400, message: '(#2200) Callback verification failed' });
  return { url, verifyToken };
};

const readPin = (body: Json): string => {
  const pin = textOf(body['pin']);
  if (pin === undefined) throw missing('pin');
  if (!PIN.test(pin)) throw invalid('pin must have six digits');
  return pin;
};

/** `POST /{phone-number-id}/register`: ten times in 72 hours ("Registration"). */
export const registerNumber = (request: GraphRequest, number: PhoneNumber): Answer => {
  requireScope(request, 'management');
  const { world } = request;
  const pin = readPin(recordOf(bodyOf(request)));
  const now = world.clock.nowMs();
  number.registrations = number.registrations.filter((at) => now - at < REGISTRATION_SPAN_MS);
  if (number.registrations.length >= MAX_REGISTRATIONS) throw new GraphError({ code: 133016 });
  number.registrations.push(now);
  if (number.pin !== undefined && number.pin !== pin) throw new GraphError({ code: 133005 });
  number.pin = pin;
  number.status = 'CONNECTED';
  return answerJson({ success: true });
};

export const deregisterNumber = (request: GraphRequest, number: PhoneNumber): Answer => {
  requireScope(request, 'management');
  number.status = 'DISCONNECTED';
  return answerJson({ success: true });
};

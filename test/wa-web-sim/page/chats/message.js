import { Model } from '../base/model.js';
import { serialized } from '../base/ids.js';
import { fetchMedia } from '../media/transfer.js';
import { collections } from './collections.js';

const NOTIFICATIONS = ['gp2', 'e2e_notification', 'notification_template', 'notification', 'protocol'];
const MEDIA = ['image', 'video', 'audio', 'ptt', 'document', 'sticker'];
const QUOTED_FIELDS = [
  'caption',
  'mimetype',
  'filename',
  'directPath',
  'mediaKey',
  'filehash',
  'encFilehash',
  'size',
  'duration',
];

const DEFAULTS = {
  viewed: false,
  invis: false,
  star: false,
  isNewMsg: false,
  kicNotified: false,
  hasReaction: false,
  isFromTemplate: false,
  pollInvalidated: false,
  isMdHistoryMsg: false,
  stickerSentTs: 0,
  isAvatar: false,
  lastUpdateFromServerTs: 0,
  isCarouselCard: false,
  isForwarded: false,
  isVcardOverMmsDocument: false,
  isDynamicReplyButtonsMsg: false,
  isQuestion: false,
  questionReplyQuotedMessage: null,
  questionResponsesCount: 0,
  readQuestionResponsesCount: 0,
  ack: 0,
  body: undefined,
  caption: undefined,
  type: 'chat',
};

/** Who wrote a message: in a group its author, elsewhere the other side. */
export function senderOf(msg) {
  return msg.attributes.author || msg.attributes.from;
}

export class Msg extends Model {
  /** What belongs to the page only and is neither serialized nor sent. */
  static hidden = new Set([
    'mediaObject',
    'mediaData',
    'chat',
    'preview',
    'mediaBlob',
    'mediaEntry',
    'fullPreviewData',
    'senderObj',
    'renderableUrl',
    'parsedData',
    'documentPreview',
  ]);

  constructor(attributes) {
    super({ ...DEFAULTS, labels: [], mentionedJidList: [], groupMentions: [], ...attributes });
  }

  get isEphemeral() {
    return !!this.attributes.ephemeralDuration;
  }

  get isStatusV3() {
    return serialized(this.attributes.id.remote) === 'status@broadcast';
  }

  get isNotification() {
    return NOTIFICATIONS.includes(this.attributes.type);
  }

  get isMedia() {
    return MEDIA.includes(this.attributes.type);
  }

  get chat() {
    return collections.Chat.get(this.attributes.id.remote);
  }

  get senderObj() {
    return collections.Contact.get(senderOf(this));
  }

  canReply() {
    return true;
  }

  avParams() {
    return {};
  }

  updateAck(ack) {
    this.set({ ack });
  }

  /** What a message that answers this one says about it. */
  msgContextInfo(chat) {
    const quotedMsg = { type: this.type, body: this.body };
    for (const name of QUOTED_FIELDS) {
      if (this.attributes[name] !== undefined) quotedMsg[name] = this.attributes[name];
    }
    const isElsewhere = chat && serialized(chat.id) !== serialized(this.id.remote);
    return {
      quotedMsg,
      quotedParticipant: senderOf(this),
      quotedStanzaID: this.id.id,
      ...(isElsewhere ? { quotedRemoteJid: this.id.remote } : {}),
    };
  }

  async downloadMedia() {
    this.mediaData.mediaStage = 'FETCHING';
    try {
      await fetchMedia(this.attributes.directPath);
      this.mediaData.mediaStage = 'RESOLVED';
    } catch (error) {
      this.mediaData.mediaStage = error.status === 404 ? 'ERROR_MISSING' : 'ERROR_UNKNOWN';
    }
  }

  async forceDownloadMediaEvenIfExpensive() {
    return this.downloadMedia();
  }
}

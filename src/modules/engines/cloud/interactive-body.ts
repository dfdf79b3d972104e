import { withoutAbsent } from '../../../kernel/without-absent.js';
import type {
  CloudFile,
  FlowContent,
  GraphFile,
  InteractiveContent,
  InteractiveHeader,
  ListContent,
} from './cloud-content.js';

/** A file as the Graph API points at it. */
export const graphFile = (file: CloudFile): GraphFile => {
  const fileName = file.fileName === undefined ? {} : { filename: file.fileName };
  return 'mediaId' in file ? { id: file.mediaId, ...fileName } : { link: file.link, ...fileName };
};

const headerOf = (header: InteractiveHeader | undefined): object | undefined => {
  if (header === undefined) return undefined;
  if (header.kind === 'text') return { type: 'text', text: header.text };
  return { type: header.kind, [header.kind]: graphFile(header.file) };
};

const textPart = (text: string | undefined): object | undefined => (text === undefined ? undefined : { text });

const listAction = ({ button, sections }: ListContent): object => ({
  button,
  sections: sections.map(({ title, rows }) => withoutAbsent({ title, rows })),
});

/** "Sending a Flow": version 3 of the message, whichever version the flow itself has. */
const flowParameters = ({ flow, label, token, isDraft, start }: FlowContent): object =>
  withoutAbsent({
    flow_message_version: '3',
    flow_token: token,
    ...('id' in flow ? { flow_id: flow.id } : { flow_name: flow.name }),
    flow_cta: label,
    mode: isDraft === true ? 'draft' : undefined,
    flow_action: start === undefined ? 'data_exchange' : 'navigate',
    flow_action_payload: start,
  });

const typeAndAction = (content: InteractiveContent): { readonly type: string; readonly action: object } => {
  switch (content.type) {
    case 'list':
      return { type: 'list', action: listAction(content) };
    case 'buttons':
      return {
        type: 'button',
        action: { buttons: content.buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })) },
      };
    case 'cta-url':
      return {
        type: 'cta_url',
        action: { name: 'cta_url', parameters: { display_text: content.label, url: content.url } },
      };
    case 'flow':
      return { type: 'flow', action: { name: 'flow', parameters: flowParameters(content) } };
  }
};

/** The `interactive` of a message. */
export const interactiveBody = (content: InteractiveContent): object => {
  const { type, action } = typeAndAction(content);
  const header: InteractiveHeader | undefined =
    typeof content.header === 'string' ? { kind: 'text', text: content.header } : content.header;
  return withoutAbsent({
    type,
    header: headerOf(header),
    body: textPart(content.body),
    footer: textPart(content.footer),
    action,
  });
};

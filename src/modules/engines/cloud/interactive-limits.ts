import type {
  ButtonsContent,
  CallToActionContent,
  FlowContent,
  InteractiveContent,
  InteractiveHeader,
  ListContent,
  ListRow,
} from './cloud-content.js';
import {
  type ContentFault,
  countFaults,
  isWebAddress,
  optionalTextFaults,
  textFaults,
  uniqueFaults,
  unless,
} from './content-fault.js';

type Faults = readonly ContentFault[];

const BODY_CHARACTERS = 1_024;
const HEADER_CHARACTERS = 60;
const FOOTER_CHARACTERS = 60;

/** "Interactive list messages". */
const LIST = { body: 4_096, button: 20, sections: 10, sectionTitle: 24, rows: 10, rowId: 200, rowTitle: 24 } as const;
const ROW_DESCRIPTION_CHARACTERS = 72;
/** "Interactive reply buttons messages". */
const BUTTONS = { buttons: 3, id: 256, title: 20 } as const;
/** "Interactive Call-to-Action URL button messages". */
const LABEL_CHARACTERS = 20;

const headerFaults = (header: InteractiveHeader | undefined): Faults => {
  if (header === undefined) return [];
  if (header.kind === 'text') return textFaults('/header/text', header.text, HEADER_CHARACTERS);
  if ('mediaId' in header.file) return textFaults('/header/file/mediaId', header.file.mediaId, Infinity);
  return unless(isWebAddress(header.file.link), '/header/file/link', 'not-an-address', 'must begin with https://.');
};

const frameFaults = ({ body, footer }: { body: string; footer?: string }, bodyCharacters: number): Faults => [
  ...textFaults('/body', body, bodyCharacters),
  ...optionalTextFaults('/footer', footer, FOOTER_CHARACTERS),
];

const rowFaults = (place: string, { id, title, description }: ListRow): Faults => [
  ...textFaults(`${place}/id`, id, LIST.rowId),
  ...textFaults(`${place}/title`, title, LIST.rowTitle),
  ...optionalTextFaults(`${place}/description`, description, ROW_DESCRIPTION_CHARACTERS),
];

const placedRows = ({ sections }: ListContent): readonly (readonly [string, ListRow])[] =>
  sections.flatMap(({ rows }, section) =>
    rows.map((row, index) => [`/sections/${String(section)}/rows/${String(index)}`, row] as const),
  );

const sectionFaults = ({ sections }: ListContent): Faults =>
  sections.flatMap(({ title, rows }, index) => {
    const place = `/sections/${String(index)}`;
    return [
      ...unless(
        title !== undefined || sections.length === 1,
        `${place}/title`,
        'empty',
        'must be there when there is more than one section.',
      ),
      ...optionalTextFaults(`${place}/title`, title, LIST.sectionTitle),
      ...unless(rows.length > 0, `${place}/rows`, 'count', 'must not be empty.'),
    ];
  });

const listFaults = (content: ListContent): Faults => {
  const rows = placedRows(content);
  return [
    ...frameFaults(content, LIST.body),
    ...optionalTextFaults('/header', content.header, HEADER_CHARACTERS),
    ...textFaults('/button', content.button, LIST.button),
    ...countFaults('/sections', content.sections.length, 1, LIST.sections),
    ...sectionFaults(content),
    // Of all sections together.
    ...unless(
      rows.length <= LIST.rows,
      '/sections',
      'rows',
      `has ${String(rows.length)} rows; at most ${String(LIST.rows)} are allowed in all sections together.`,
    ),
    ...rows.flatMap(([place, row]) => rowFaults(place, row)),
    ...uniqueFaults(
      rows.map(([place]) => `${place}/id`),
      rows.map(([, { id }]) => id),
    ),
  ];
};

const buttonsFaults = (content: ButtonsContent): Faults => {
  const { buttons } = content;
  const placesOf = (name: string): readonly string[] => buttons.map((_, index) => `/buttons/${String(index)}/${name}`);
  return [
    ...frameFaults(content, BODY_CHARACTERS),
    ...headerFaults(content.header),
    ...countFaults('/buttons', buttons.length, 1, BUTTONS.buttons),
    ...buttons.flatMap(({ id, title }, index) => [
      ...textFaults(`/buttons/${String(index)}/id`, id, BUTTONS.id),
      ...textFaults(`/buttons/${String(index)}/title`, title, BUTTONS.title),
    ]),
    ...uniqueFaults(
      placesOf('id'),
      buttons.map(({ id }) => id),
    ),
    ...uniqueFaults(
      placesOf('title'),
      buttons.map(({ title }) => title),
    ),
  ];
};

const callToActionFaults = (content: CallToActionContent): Faults => [
  ...frameFaults(content, BODY_CHARACTERS),
  ...headerFaults(content.header),
  ...textFaults('/label', content.label, LABEL_CHARACTERS),
  ...unless(isWebAddress(content.url), '/url', 'not-an-address', 'must begin with https:// or http://.'),
];

const flowFaults = (content: FlowContent): Faults => [
  ...frameFaults(content, BODY_CHARACTERS),
  ...headerFaults(content.header),
  ...textFaults('/label', content.label, Infinity),
  ...('id' in content.flow
    ? textFaults('/flow/id', content.flow.id, Infinity)
    : textFaults('/flow/name', content.flow.name, Infinity)),
  ...optionalTextFaults('/start/screen', content.start?.screen, Infinity),
];

/** Everything in which an interactive message exceeds what Meta documents. */
export const interactiveFaults = (content: InteractiveContent): Faults => {
  switch (content.type) {
    case 'list':
      return listFaults(content);
    case 'buttons':
      return buttonsFaults(content);
    case 'cta-url':
      return callToActionFaults(content);
    case 'flow':
      return flowFaults(content);
  }
};

export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

const BOUNDARY = /boundary=(?:"(?<quoted>[^"]+)"|(?<plain>[^;\s]+))/i;
const HEAD_END = Buffer.from('\r\n\r\n');
const NAME = /[;\s]name="(?<name>[^"]*)"/i;
const FILENAME = /filename="(?<name>[^"]*)"/i;
const TYPE = /^content-type:\s*(?<type>.+)$/im;

/** The parts of a form with files (RFC 7578), or undefined when it is none. */
export const readForm = (body: Buffer, contentType: string): readonly Part[] | undefined => {
  if (!/^multipart\/form-data/i.test(contentType)) return undefined;
  const groups = BOUNDARY.exec(contentType)?.groups;
  const boundary = groups?.['quoted'] ?? groups?.['plain'];
  if (boundary === undefined) return undefined;
  return split(body, Buffer.from(`--${boundary}`)).flatMap(readPart);
};

/** What lies between two boundaries, without the line breaks that belong to them. */
const split = (body: Buffer, boundary: Buffer): Buffer[] => {
  const pieces: Buffer[] = [];
  let from = body.indexOf(boundary);
  while (from >= 0) {
    const start = from + boundary.length;
    const next = body.indexOf(boundary, start);
    if (next < 0) break;
    pieces.push(body.subarray(start + 2, next - 2));
    from = next;
  }
  return pieces;
};

const readPart = (piece: Buffer): Part[] => {
  const end = piece.indexOf(HEAD_END);
  if (end < 0) return [];
  const head = piece.toString('utf8', 0, end);
  const name = NAME.exec(head)?.groups?.['name'];
  if (name === undefined) return [];
  return [
    {
      name,
      filename: FILENAME.exec(head)?.groups?.['name'],
      contentType: TYPE.exec(head)?.groups?.['type']?.trim(),
      bytes: piece.subarray(end + HEAD_END.length),
    },
  ];
};

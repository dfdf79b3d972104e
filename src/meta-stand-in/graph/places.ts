import { type World } from '../state/world.js';

/** Where a call goes: a node by its id, and one of its edges. */
export interface Place {
  readonly version: string;
  readonly nodeId: string;
  readonly edge: string;
  /** What faults and records call it. */
  readonly operation: string;
}

const PATH = /^\/(?<version>v\d+\.\d+)\/(?<node>[^/]+)(?:\/(?<edge>[^/]+))?\/?$/;

export const isGraphPath = (path: string): boolean => PATH.test(path);

export const locate = (world: World, path: string): Place => {
  const { version = '', node = '', edge = '' } = PATH.exec(path)?.groups ?? {};
  const nodeId = decodeURIComponent(node);
  return { version, nodeId, edge, operation: edge === '' ? kindOf(world, nodeId) : edge };
};

const kindOf = ({ directory, templates, media }: World, id: string): string => {
  if (directory.numbers.has(id)) return 'number';
  if (directory.accounts.has(id)) return 'account';
  if (templates.get(id) !== undefined) return 'template';
  if (media.find(id) !== undefined) return 'media-url';
  return id === 'debug_token' ? id : 'node';
};

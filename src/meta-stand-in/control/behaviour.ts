import { changeSettings, describeUnknown } from '../state/behaviour.js';
import { type ControlHandler } from './control-call.js';
import { refuse } from './control-error.js';

/** `PUT behaviour`: changes what is named and leaves the rest; nothing changes when one of them is unknown. */
export const putBehaviour: ControlHandler = ({ world, body }) => {
  const unknown = changeSettings(structuredClone(world.behaviour), body);
  if (unknown.length > 0) throw refuse(describeUnknown(unknown));
  changeSettings(world.behaviour, body);
  world.sender.wake();
  return world.behaviour;
};

export const getBehaviour: ControlHandler = ({ world }) => world.behaviour;

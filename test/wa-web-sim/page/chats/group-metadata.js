import { Collection, Model } from '../base/model.js';

const DEFAULTS = {
  subject: '',
  owner: undefined,
  creation: undefined,
  desc: '',
  descId: undefined,
  descTime: undefined,
  announce: false,
  restrict: false,
  noFrequentlyForwarded: false,
  ephemeralDuration: 0,
  size: 0,
  membershipApprovalMode: false,
  memberAddMode: 'admin_add',
  isLidAddressingMode: false,
  isParentGroup: false,
  defaultSubgroup: false,
};

class Participant extends Model {}

export class GroupMetadata extends Model {
  constructor(attributes) {
    super({
      ...DEFAULTS,
      participants: new Collection(Participant),
      membershipApprovalRequests: new Collection(),
      pendingParticipants: [],
      ...attributes,
    });
  }
}

import type { CommandName } from '@premia/pos-sdk/contract/admin'
import { blockCard, unblockCard } from './card-state.ts'
import { importCatalogue } from './catalogue-import.ts'
import type { Definition } from './command.ts'
import { importLaw } from './law-import.ts'
import { enrolMembers } from './member-enrol.ts'
import { registerOrganizations } from './organization-register.ts'
import { registerOutlets } from './outlet-register.ts'
import { admitOutlets } from './program-admit.ts'
import { createProgram } from './program-create.ts'
import { resumeProgram, suspendProgram } from './program-state.ts'
import { registerRewards } from './reward-register.ts'
import { rebuildRollups } from './rollup-rebuild.ts'
import { publishRules } from './rules-publish.ts'
import { registerStaff } from './staff-register.ts'
import { registerTerminals } from './terminal-register.ts'
import { quarantineTerminal, releaseTerminal, revokeTerminal } from './terminal-state.ts'
import { issueVouchers } from './voucher-issue.ts'

/** Every command of the admin door and what carries it out. */
export const definitions: { readonly [N in CommandName]: Definition<N> } = {
  'organization.register': registerOrganizations,
  'program.create': createProgram,
  'program.suspend': suspendProgram,
  'program.resume': resumeProgram,
  'outlet.register': registerOutlets,
  'program.admit': admitOutlets,
  'staff.register': registerStaff,
  'terminal.register': registerTerminals,
  'terminal.quarantine': quarantineTerminal,
  'terminal.release': releaseTerminal,
  'terminal.revoke': revokeTerminal,
  'catalogue.import': importCatalogue,
  'law.import': importLaw,
  'rules.publish': publishRules,
  'member.enrol': enrolMembers,
  'card.block': blockCard,
  'card.unblock': unblockCard,
  'voucher.issue': issueVouchers,
  'reward.register': registerRewards,
  'rollup.rebuild': rebuildRollups,
}

import type { Role } from '../kit/model/wire.ts'

/** What a role may: sections it reads, commands it gives, whether it sees personal data. The one table of rights. */
export interface Rights {
  readonly sections: readonly string[]
  readonly actions: readonly string[]
  readonly personal: boolean
  readonly staffNames: boolean
  readonly export: boolean
}

const everySection = ['programs', 'members', 'sales', 'terminals'] as const
// The engine checks the same names; a card's number leads to a person, so finding by it is a right of its own.
const commands = ['program.suspend', 'program.resume', 'card.block', 'card.unblock', 'card.find'] as const

// What organizers share belongs to the operator: its own people may, and an organizer that runs its programs itself.
const operatorCommands = ['terminal.register', 'terminal.quarantine', 'terminal.release', 'terminal.revoke'] as const

export const rightsOf: Readonly<Record<Role, Rights>> = {
  operator: { sections: everySection, actions: commands, personal: true, staffNames: true, export: true },
  organizer: { sections: everySection, actions: commands, personal: true, staffNames: true, export: true },
  analyst: { sections: everySection, actions: [], personal: false, staffNames: false, export: true },
  // Members belong to programs, not to outlets: an outlet reads its own sales and tills and nobody's balance.
  outlet: { sections: ['sales', 'terminals'], actions: [], personal: false, staffNames: true, export: true },
}

/** As the engine and the menu read them: `section.read`, `export`, and the commands. */
export const rightNames = (role: Role, runsItself: boolean): ReadonlySet<string> => {
  const rights = rightsOf[role]
  const isOperator = role === 'operator' || (role === 'organizer' && runsItself)
  return new Set([
    ...rights.sections.map((section) => `${section}.read`),
    ...rights.actions,
    ...(isOperator ? operatorCommands : []),
    ...(rights.export ? ['export'] : []),
    ...(rights.personal ? ['personal'] : []),
  ])
}

import { rebuildDay } from '../../rollups/rebuild-day.ts'
import type { Definition } from './command.ts'

export const rebuildRollups: Definition<'rollup.rebuild'> = {
  name: 'rollup.rebuild',
  scope: 'program',
  run: async ({ tx, program }, { date }) => {
    const documents = await rebuildDay(tx, { programId: program.programId, date })
    return {
      result: { documents },
      section: 'programs',
      row: program.publicId,
      changes: { rollups: [null, date] },
    }
  },
}

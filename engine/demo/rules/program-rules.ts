import type { Rule } from '@premia/rules'
import type { DemoDay } from '../days.ts'
import type { ProgramKey } from '../programs.ts'
import { cherryRules } from './cherry.ts'
import type { RulesOf } from './draft.ts'
import { neighbourRules } from './neighbours.ts'
import { pharmacyRules } from './pharmacies.ts'

const byProgram: Readonly<Record<ProgramKey, RulesOf>> = {
  pharmacies: pharmacyRules,
  neighbours: neighbourRules,
  cherry: cherryRules,
}

/** The rules and promotions of one program. */
export const programRules = (program: ProgramKey, days: readonly DemoDay[]): readonly Rule[] => byProgram[program](days)

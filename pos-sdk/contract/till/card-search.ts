/** `POST /v1/cards/find`: who a card belongs to, in each program of the terminal's outlet, and what is on it. */
import { array, nullable, object, oneOf, optional, type Static } from '../schema.ts'
import { codeText, uuidText } from './fields.ts'
import { balanceSchema, memberSchema } from './result-schema.ts'

/** The number stands in the body, never in an address, which would be logged. */
export const cardSearchSchema = object({
  number: codeText(64),
  entry: oneOf('scanned', 'tapped', 'keyed', 'app', 'found'),
  program: optional(uuidText),
})
export type CardSearch = Static<typeof cardSearchSchema>

/** Programs that do not know the number are left out: an empty list means that nobody here knows it. */
export const cardSearchAnswerSchema = object({
  programs: array(
    object({
      program: uuidText,
      member: nullable(memberSchema),
      card: object({
        kind: codeText(40),
        state: oneOf('active', 'blocked', 'lost', 'replaced', 'expired', 'unassigned'),
      }),
      balances: array(balanceSchema, 50),
    }),
    20,
  ),
})
export type CardSearchAnswer = Static<typeof cardSearchAnswerSchema>

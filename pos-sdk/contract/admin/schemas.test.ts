import type { ProgramDocument } from '@premia/rules'
import { describe, expect, it } from 'vitest'
import { checkSchema } from '../check.ts'
import type { Static } from '../schema.ts'
import type { Acting } from './acting.ts'
import { type CommandName, type Commands, commandScopes, type Queries, type QueryName } from './commands.ts'
import type { programDocumentSchema } from './program-schema.ts'
import { type actingSchema, commandSchemas, type querySchemas } from './schemas.ts'

// Equality of types in both directions, optional properties included: an error here is a compiler error.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Flat<T> = T extends readonly (infer E)[]
  ? readonly Flat<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Flat<T[K]> }
    : T
type Unequal<S, T> = {
  [K in keyof S & keyof T]: Same<Flat<Static<S[K]>>, Flat<T[K]>> extends true ? never : K
}[keyof S & keyof T]
type Inputs<C> = { readonly [N in keyof C]: C[N] extends { input: infer I } ? I : never }

const unequalCommands: readonly Unequal<typeof commandSchemas, Inputs<Commands>>[] = []
const unequalQueries: readonly Unequal<typeof querySchemas, Inputs<Queries>>[] = []
const sameNames: Same<keyof typeof commandSchemas, CommandName> = true
const sameQuestions: Same<keyof typeof querySchemas, QueryName> = true
const acting: Same<Flat<Static<typeof actingSchema>>, Flat<Acting>> = true
const document: Same<Flat<Static<typeof programDocumentSchema>>, Flat<ProgramDocument>> = true

describe('the schemas of the admin door', () => {
  it('say the same as the types, command by command', () => {
    expect([...unequalCommands, ...unequalQueries]).toEqual([])
    expect([acting, document, sameNames, sameQuestions]).toEqual([true, true, true, true])
  })

  it('know a scope for each command', () => {
    expect(Object.keys(commandScopes).sort()).toEqual(Object.keys(commandSchemas).sort())
  })

  it('admit no field that the type does not name', () => {
    for (const schema of Object.values(commandSchemas)) {
      expect(checkSchema(schema, { surprise: 1 }).map((each) => each.path)).toContain('/surprise')
    }
  })

  it('bound every list of a command', () => {
    for (const [name, schema] of Object.entries(commandSchemas)) {
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        const { type, maxItems } = property as { type?: string; maxItems?: number }
        if (type === 'array') expect(maxItems, `${name}/${key}`).toBeLessThanOrEqual(10_000)
      }
    }
  })
})

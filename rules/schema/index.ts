import program from './program.json' with { type: 'json' }
import rule from './rule.json' with { type: 'json' }

/** JSON Schema 2020-12 of a rule; descriptions are meant for people who fill in a form. */
export const ruleSchema: Readonly<Record<string, unknown>> = rule
/** JSON Schema 2020-12 of a program's published document. */
export const programSchema: Readonly<Record<string, unknown>> = program

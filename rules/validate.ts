/** What is wrong with a rule, where, and how to put it right. */
export interface Issue {
  readonly path: string
  readonly reason: string
  readonly fix: string
}

/** Checks a list of rules as parsed from JSON. */
export const validateRules = (json: unknown): Issue[] =>
  Array.isArray(json) ? [] : [{ path: '', reason: 'a rule set is a list of rules', fix: 'Put the rules into a list.' }]

import { canonicalJson } from './canonical.ts'
import type { CatalogueFacts } from './compile/rule-set.ts'
import type { ProgramDocument } from './program.ts'
import type { Limit, Rule } from './rule.ts'
import { validateProgram as checkProgram, validateRule as checkRule } from './schema/validators.generated.ts'
import { exampleIssues, type Sound } from './validate/examples.ts'
import { type Issue, ruleIssues } from './validate/rule-issues.ts'
import { documentIssues, programIssues } from './validate/program-issues.ts'
import { type SchemaError, schemaIssue } from './validate/schema-issue.ts'

export { type Finding, findings } from './findings.ts'
export type { Issue } from './validate/rule-issues.ts'

/** More than any program has; a set beyond it is a mistake of the caller. */
const RULES_MAX = 20_000

interface Check {
  (data: unknown): boolean
  readonly errors?: readonly SchemaError[] | null
}

const shapeIssues = (check: Check, data: unknown, path: string): Issue[] =>
  check(data) ? [] : (check.errors ?? []).map((error) => schemaIssue(error, path))

/**
 * Checks rules as parsed from JSON: their shape, then what the shape cannot say. With `program` also that every code a
 * rule refers to is there, and, where all is well, that each example gives what it says; `facts` adds the categories above
 * those that an example names. An empty answer means that `compileRuleSet` accepts them.
 *
 * @example validateRules([{ schema: 1, id: 'a b' }])[0]?.path // '/0'
 */
export const validateRules = (
  json: unknown,
  program?: ProgramDocument,
  facts: CatalogueFacts = { categories: [] },
): Issue[] => {
  if (!Array.isArray(json)) {
    return [
      { path: '', code: 'not_a_list', reason: 'A rule set is a list of rules.', fix: 'Put the rules into a list.' },
    ]
  }
  if (json.length > RULES_MAX) {
    return [
      { path: '', code: 'too_many', reason: `There are ${json.length} rules.`, fix: `Keep at most ${RULES_MAX}.` },
    ]
  }
  const issues: Issue[] = []
  const sound: Sound[] = []
  json.forEach((data: unknown, index) => {
    const path = `/${index}`
    const found = shapeIssues(checkRule as Check, data, path)
    issues.push(...found)
    if (found.length > 0) return
    const rule = data as Rule
    issues.push(...ruleIssues(rule, path))
    if (program !== undefined) issues.push(...programIssues(rule, program, path))
    sound.push({ rule, path })
  })
  issues.push(...setIssues(sound, program))
  return issues.length > 0 || program === undefined ? issues : exampleIssues(sound, program, facts)
}

/** Checks a program's document as parsed from JSON. */
export const validateProgram = (json: unknown): Issue[] => {
  const issues = shapeIssues(checkProgram as Check, json, '')
  return issues.length > 0 ? issues : documentIssues(json as ProgramDocument)
}

const setIssues = (rules: readonly Sound[], program?: ProgramDocument): Issue[] => {
  const issues: Issue[] = []
  const ids = new Set<string>()
  const limits = new Map<string, string>()
  const phases = new Map<string, string>()
  for (const { rule, path } of rules) {
    if (ids.has(rule.id)) {
      issues.push({
        path: `${path}/id`,
        code: 'id_twice',
        reason: `Two rules have the id ${rule.id}.`,
        fix: 'Give one of them another id.',
      })
    }
    ids.add(rule.id)
    rule.limits?.forEach((limit, index) => issues.push(...limitIssues(limits, limit, `${path}/limits/${index}`)))
    const root = rootOf(rule, program)
    const phase = root === undefined ? undefined : phases.get(root)
    if (root !== undefined && phase === undefined) phases.set(root, rule.phase)
    else if (phase !== undefined && phase !== rule.phase) {
      issues.push({
        path: `${path}/group`,
        code: 'group_over_phases',
        reason: `Group ${root} has rules of the phases ${phase} and ${rule.phase}; conflicts are settled within one phase.`,
        fix: 'Use one group for each phase, or `excludes` between phases.',
      })
    }
  }
  return issues
}

const rootOf = (rule: Rule, program: ProgramDocument | undefined): string | undefined => {
  let code = rule.group
  for (let steps = 0; steps < 100; steps += 1) {
    const parent = program?.groups?.find((group) => group.code === code)?.parent
    if (parent === undefined) return code
    code = parent
  }
  return code
}

const limitIssues = (known: Map<string, string>, limit: Limit, path: string): Issue[] => {
  if (limit.id === undefined) return []
  const { over: _, offline: __, ...shared } = limit
  const text = canonicalJson(shared)
  const before = known.get(limit.id)
  known.set(limit.id, before ?? text)
  return before === undefined || before === text
    ? []
    : [
        {
          path,
          code: 'limit_differs',
          reason: `Limit ${limit.id} means something else in another rule.`,
          fix: 'Make both equal, or give this one its own id.',
        },
      ]
}

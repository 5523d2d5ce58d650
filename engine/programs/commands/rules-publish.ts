import type { Commands } from '@premia/pos-sdk/contract/admin'
import { canonicalJson, type Rule } from '@premia/rules'
import { findings, type Issue, validateRules } from '@premia/rules/validate'
import { raiseProgram } from '../changes.ts'
import { catalogueFacts, publishRuleSet } from '../publish.ts'
import type { Definition, ProgramContext } from './command.ts'
import { publishedDocument } from './program-row.ts'
import { CommandRefused, refuseFields } from './refusal.ts'

type Rules = Commands['rules.publish']['input']['rules']

/** Warnings told of one publication; who has more has read the first ones. */
const FINDINGS_MAX = 500

/** The whole list of rules in force from an instant on. Rule versions are immutable; an edited rule has a new number. */
export const publishRules: Definition<'rules.publish'> = {
  name: 'rules.publish',
  scope: 'program',
  run: async (context, { rules, from }) => {
    const { tx, program, nowMs } = context
    const documents = rules.map(({ rule }) => rule)
    refuseIssues(validateRules(documents))
    // One publication of a program at a time: the program's row is the lock.
    await tx`SELECT 1 FROM directory.program WHERE program_id = ${program.programId} FOR UPDATE`
    await refusePast(context, Date.parse(from))
    await refuseChangedVersions(context, rules)
    const published = await publishedDocument(tx, program.programId)
    const facts = await catalogueFacts(tx, program)
    refuseIssues(validateRules(documents, published.document, facts))
    const publication = { programId: program.programId, rules, published, facts, nowMs }
    let ruleSet: string
    try {
      ruleSet = await publishRuleSet(tx, { ...publication, from: new Date(from) })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new CommandRefused('validation_failed', error.message.slice(0, 500), [
        { path: '/input/rules', message: error.message.slice(0, 500) },
      ])
    }
    await raiseProgram(tx, program.operator, program.programId)
    return {
      result: {
        ruleSet,
        rules: rules.length,
        findings: findings(documents, published.document, facts).slice(0, FINDINGS_MAX),
      },
      section: 'programs',
      row: program.publicId,
      changes: { rules: [null, rules.length], ruleSet: [null, ruleSet], from: [null, from] },
    }
  },
}

/** Shape first, so that nobody waits for the lock with rules that cannot be; then codes of the program and examples. */
const refuseIssues = (issues: readonly Issue[]): void =>
  refuseFields(
    issues.map(({ path, reason, fix }) => ({
      path: `/input/rules${path.replace(/^\/\d+/, '$&/rule')}`.slice(0, 500),
      message: `${reason} ${fix}`.slice(0, 500),
    })),
  )

/** What was booked was judged by the rules of its time: the past is repaired by a job, never by publishing. */
const refusePast = async ({ tx, program, nowMs }: ProgramContext, fromMs: number): Promise<void> => {
  if (fromMs >= nowMs) return
  const [posting] = await tx`SELECT 1 FROM loyalty.posting WHERE program_id = ${program.programId} LIMIT 1`
  if (posting !== undefined) {
    throw new CommandRefused('state_not_allowed', 'Points are already booked: rules begin now or later')
  }
}

const refuseChangedVersions = async ({ tx, program }: ProgramContext, rules: Rules): Promise<void> => {
  const kept = await tx<{ id: string; version: number; document: Rule }[]>`
    SELECT v.rule_id AS id, v.version, v.document
    FROM loyalty.rule_version v
    JOIN unnest(${rules.map(({ rule }) => rule.id)}::text[], ${rules.map(({ rule }) => rule.version)}::int[]) AS i (id, version)
      ON v.rule_id = i.id AND v.version = i.version
    WHERE v.program_id = ${program.programId}`
  const known = new Map(kept.map((each) => [`${each.id} ${each.version}`, canonicalJson(each.document)]))
  refuseFields(
    rules.flatMap(({ rule }, index) => {
      const before = known.get(`${rule.id} ${rule.version}`)
      if (before === undefined || before === canonicalJson(rule)) return []
      const message = `of ${rule.id} is published with other content: give the changed rule the next version`
      return [{ path: `/input/rules/${index}/rule/version`, message }]
    }),
  )
}

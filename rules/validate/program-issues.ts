import type { Condition } from '../condition.ts'
import type { ProgramDocument } from '../program.ts'
import type { Rule } from '../rule.ts'
import type { Issue } from './rule-issues.ts'

const hasReturnWindow = ({ returnWindowDays }: ProgramDocument): boolean => returnWindowDays !== undefined

const noReturnWindow = (path: string): Issue => ({
  path,
  code: 'no_return_window',
  reason: 'The program does not say for how long goods come back.',
  fix: 'Give the program `returnWindowDays`, or use `afterDays`.',
})

/** Point types whose points wait for a return window that the program does not have. */
export const pointTypeIssues = (program: ProgramDocument): Issue[] =>
  program.pointTypes.flatMap(({ activation }, index) =>
    activation.kind === 'afterReturnWindow' && !hasReturnWindow(program)
      ? [noReturnWindow(`/pointTypes/${index}/activation`)]
      : [],
  )

/** Codes of a rule that its program does not know. */
export const programIssues = (rule: Rule, program: ProgramDocument, path: string): Issue[] => {
  const issues: Issue[] = []
  const check = (
    known: readonly { readonly code: string }[],
    code: string | undefined,
    at: string,
    what: string,
  ): void => {
    if (code === undefined || known.some((each) => each.code === code)) return
    issues.push({
      path: `${path}${at}`,
      code: `unknown_${what.replace(' ', '_')}`,
      reason: `The program has no ${what} ${code}.`,
      fix:
        known.length > 0
          ? `Use one of: ${known.map((each) => each.code).join(', ')}.`
          : `Add the ${what} to the program first.`,
    })
  }
  check(program.groups ?? [], rule.group, '/group', 'group')
  rule.then.forEach((effect, index) => {
    if ('activation' in effect && effect.activation?.kind === 'afterReturnWindow' && !hasReturnWindow(program))
      issues.push(noReturnWindow(`${path}/then/${index}/activation`))
    if ('pointType' in effect) check(program.pointTypes, effect.pointType, `/then/${index}/pointType`, 'point type')
  })
  const walk = (when: Condition, at: string): void => {
    when.cardKinds?.forEach((code, index) => check(program.cardKinds, code, `${at}/cardKinds/${index}`, 'card kind'))
    when.tiers?.forEach((code, index) => check(program.tiers, code, `${at}/tiers/${index}`, 'tier'))
    when.all?.forEach((each, index) => walk(each, `${at}/all/${index}`))
    when.any?.forEach((each, index) => walk(each, `${at}/any/${index}`))
    if (when.not !== undefined) walk(when.not, `${at}/not`)
  }
  if (rule.when !== undefined) walk(rule.when, '/when')
  return issues
}

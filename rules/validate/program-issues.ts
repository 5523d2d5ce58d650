import type { Condition } from '../condition.ts'
import type { ProgramDocument, RuleGroup } from '../program.ts'
import type { Rule } from '../rule.ts'
import type { Issue } from './rule-issues.ts'

const hasReturnWindow = ({ returnWindowDays }: ProgramDocument): boolean => returnWindowDays !== undefined

const noReturnWindow = (path: string): Issue => ({
  path,
  code: 'no_return_window',
  reason: 'The program does not say for how long goods come back.',
  fix: 'Give the program `returnWindowDays`, or use `afterDays`.',
})

type Coded = readonly { readonly code: string }[]

const unknown = (path: string, known: Coded, code: string, what: string): Issue => ({
  path,
  code: `unknown_${what.replace(' ', '_')}`,
  reason: `The program has no ${what} ${code}.`,
  fix:
    known.length > 0
      ? `Use one of: ${known.map((each) => each.code).join(', ')}.`
      : `Add the ${what} to the program first.`,
})

const isKnown = (known: Coded, code: string | undefined): boolean =>
  code === undefined || known.some((each) => each.code === code)

/** What the shape of a program's document cannot say: codes that name nothing or two things, groups that lie in themselves. */
export const documentIssues = (program: ProgramDocument): Issue[] => {
  const { pointTypes, cardKinds, tiers, groups = [] } = program
  const issues: Issue[] = []
  for (const [field, list] of Object.entries({ pointTypes, cardKinds, tiers, groups } satisfies Record<
    string,
    Coded
  >)) {
    list.forEach(({ code }, index) => {
      if (list.findIndex((each) => each.code === code) < index)
        issues.push({
          path: `/${field}/${index}/code`,
          code: 'code_twice',
          reason: `Two of them have the code ${code}.`,
          fix: 'Give one of them another code.',
        })
    })
  }
  pointTypes.forEach(({ activation }, index) => {
    if (activation.kind === 'afterReturnWindow' && !hasReturnWindow(program))
      issues.push(noReturnWindow(`/pointTypes/${index}/activation`))
  })
  for (const field of ['mainPointType', 'tierPointType'] as const) {
    const code = program[field]
    if (code !== undefined && !isKnown(pointTypes, code))
      issues.push(unknown(`/${field}`, pointTypes, code, 'point type'))
  }
  groups.forEach(({ code, parent }, index) => {
    const path = `/groups/${index}/parent`
    if (parent !== undefined && !isKnown(groups, parent)) issues.push(unknown(path, groups, parent, 'group'))
    else if (liesInItself(groups, code))
      issues.push({
        path,
        code: 'group_in_itself',
        reason: `Group ${code} lies in itself.`,
        fix: 'Let the outermost group have no parent.',
      })
  })
  return issues
}

const liesInItself = (groups: readonly RuleGroup[], code: string): boolean => {
  let at: string | undefined = code
  for (let steps = 0; steps <= groups.length && at !== undefined; steps += 1) {
    at = groups.find((group) => group.code === at)?.parent
    if (at === code) return true
  }
  return false
}

/** Codes of a rule that its program does not know. */
export const programIssues = (rule: Rule, program: ProgramDocument, path: string): Issue[] => {
  const issues: Issue[] = []
  const check = (known: Coded, code: string | undefined, at: string, what: string): void => {
    if (code !== undefined && !isKnown(known, code)) issues.push(unknown(`${path}${at}`, known, code, what))
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

import type { Condition } from './condition.ts'

/** Names of the fields that a condition looks at. @example testedFields({ not: { field: 'paid', is: 'empty' } }) // ['paid'] */
export const testedFields = (condition: Condition): readonly string[] => {
  if ('all' in condition) return condition.all.flatMap(testedFields)
  if ('any' in condition) return condition.any.flatMap(testedFields)
  if ('not' in condition) return testedFields(condition.not)
  return 'field' in condition ? [condition.field] : []
}

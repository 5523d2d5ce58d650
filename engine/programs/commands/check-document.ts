import type { FieldError } from '@premia/pos-sdk/contract/problems'
import type { ProgramDocument } from '@premia/rules'
import { isZone } from './instants.ts'

const twice = (codes: readonly string[], path: string): FieldError[] =>
  codes.flatMap((code, index) =>
    codes.indexOf(code) === index ? [] : [{ path: `${path}/${index}/code`, message: `${code} is there twice` }],
  )

/** What the schema of a program's document cannot say: references that name something, a real zone, codes used once. */
export const checkDocument = (document: ProgramDocument, path: string): readonly FieldError[] => {
  const { pointTypes, cardKinds, tiers, groups = [] } = document
  const types = pointTypes.map(({ code }) => code)
  const errors = [
    ...twice(types, `${path}/pointTypes`),
    ...twice(
      cardKinds.map(({ code }) => code),
      `${path}/cardKinds`,
    ),
    ...twice(
      tiers.map(({ code }) => code),
      `${path}/tiers`,
    ),
    ...twice(
      groups.map(({ code }) => code),
      `${path}/groups`,
    ),
  ]
  if (!isZone(document.zone)) errors.push({ path: `${path}/zone`, message: 'is not a time zone' })
  if (!types.includes(document.mainPointType)) {
    errors.push({ path: `${path}/mainPointType`, message: 'names no point type of the program' })
  }
  const { tierPointType } = document
  if (tierPointType !== undefined && !types.includes(tierPointType)) {
    errors.push({ path: `${path}/tierPointType`, message: 'names no point type of the program' })
  }
  groups.forEach(({ parent }, index) => {
    if (parent !== undefined && !groups.some(({ code }) => code === parent)) {
      errors.push({ path: `${path}/groups/${index}/parent`, message: 'names no group of the program' })
    }
  })
  return errors
}

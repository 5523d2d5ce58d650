/**
 * Whether an answer of 200 is the engine's. A portal, a gateway or a wrong address also answers 200 and JSON; taken for an
 * answer it would be kept or thrown over, taken for silence it costs another attempt. Only what the SDK uses is looked at, so
 * that a newer engine may say more. Loaded with `local-check.ts`.
 */
import type { EnrolAnswer, HelloAnswer, SaleResult } from './contract/till/index.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const areTexts = (value: unknown, ...names: readonly string[]): boolean =>
  isFields(value) && names.every((name) => typeof value[name] === 'string')

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))

const isPlace = ({ outlet, programs, engineKeys, serverTime }: Fields): boolean =>
  areTexts(outlet, 'id', 'name', 'zone', 'currency') &&
  Array.isArray(programs) &&
  Array.isArray(engineKeys) &&
  engineKeys.every((key) => areTexts(key, 'keyId', 'publicKey')) &&
  isInstant(serverTime)

/** @example isEnrolAnswer({}) // false */
export const isEnrolAnswer = (value: unknown): value is EnrolAnswer =>
  isFields(value) && isPlace(value) && areTexts(value, 'terminal', 'keyId')

/** @example isHelloAnswer({}) // false */
export const isHelloAnswer = (value: unknown): value is HelloAnswer =>
  isFields(value) &&
  isPlace(value) &&
  areTexts(value, 'sessionKeyId') &&
  /^[A-Za-z0-9_-]{43}$/.test(String(value['sessionKey'])) &&
  isInstant(value['expiresAt'])

const isResult = (value: unknown): value is SaleResult => {
  if (!isFields(value)) return false
  const { status, problem, programs } = value
  if (status === 'rejected') return areTexts(problem, 'code', 'detail') && Array.isArray((problem as Fields)['errors'])
  const isKnown = status === 'recorded' || status === 'duplicate' || status === 'incomplete'
  return isKnown && Array.isArray(programs) && programs.every((program) => areTexts(program, 'status'))
}

/** The results of these sales in this order, `undefined` where they are not. */
export const resultsOf = (ids: readonly string[], answer: unknown): readonly SaleResult[] | undefined => {
  const results = isFields(answer) ? answer['results'] : undefined
  if (!Array.isArray(results) || results.length !== ids.length) return undefined
  const fits = results.every((result, index) => isResult(result) && result.sale === ids[index])
  return fits ? (results as readonly SaleResult[]) : undefined
}

/** What quote and card search have in common. */
export const hasPrograms = (value: unknown): boolean => isFields(value) && Array.isArray(value['programs'])

import type { Issue } from './rule-issues.ts'

/** What the schema validators report. */
export interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, string | number | readonly string[]>>
}

const list = (values: unknown): string => (Array.isArray(values) ? values.map(String).join(', ') : String(values))

interface Text {
  readonly reason: string
  readonly fix: string
}

const textOf = ({ keyword, params }: SchemaError): Text => {
  const { type } = params
  const [limit, pattern, tag] = [String(params['limit']), String(params['pattern']), String(params['tag'])]
  const field = String(params['additionalProperty'] ?? params['missingProperty'])
  switch (keyword) {
    case 'additionalProperties':
      return {
        reason: `There is no field ${field} here.`,
        fix: 'Leave it out, or check its spelling.',
      }
    case 'required':
      return { reason: `The field ${field} is missing.`, fix: `Add ${field}.` }
    case 'enum':
      return { reason: 'The value is none of those allowed.', fix: `Use one of: ${list(params['allowedValues'])}.` }
    case 'const':
      return { reason: 'The value is not the one allowed.', fix: `Use ${String(params['allowedValue'])}.` }
    case 'type':
      return {
        reason: `The value is not of type ${list(type)}.`,
        fix:
          type === 'integer'
            ? 'Use a whole number: money in minor units, quantities in thousandths, shares in parts per million.'
            : `Use a value of type ${list(type)}.`,
      }
    case 'minimum':
      return { reason: `The number is below ${limit}.`, fix: `Use ${limit} or more.` }
    case 'maximum':
      return { reason: `The number is above ${limit}.`, fix: `Use ${limit} or less.` }
    case 'minItems':
      return { reason: `The list has fewer than ${limit} entries.`, fix: 'Add an entry, or leave the field out.' }
    case 'maxItems':
      return {
        reason: `The list has more than ${limit} entries.`,
        fix: 'Use a category, a tag, a group or several rules.',
      }
    case 'minLength':
    case 'maxLength':
      return { reason: `The text has the wrong length.`, fix: `The limit is ${limit} letters.` }
    case 'pattern':
      return { reason: 'The text does not have the right form.', fix: `It must match ${pattern}.` }
    case 'discriminator':
      return {
        reason: `The field ${tag} does not name a known kind.`,
        fix: 'Choose one of the kinds of the documentation.',
      }
    default:
      return { reason: `The value breaks the rule ${keyword}.`, fix: 'Compare it with the schema.' }
  }
}

export const schemaIssue = (error: SchemaError, path: string): Issue => ({
  path: `${path}${error.instancePath}`,
  code: `shape_${error.keyword}`,
  ...textOf(error),
})

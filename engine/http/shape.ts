import type { FieldError } from '@premia/pos-sdk/contract/problems'
import { checkSchema, type JsonSchema, type SchemaCheck } from '@premia/pos-sdk/contract/till'
import { Ajv2020 } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ discriminator: true, allErrors: false, strict: false, validateFormats: false })

/**
 * A schema as a check: compiled code for what fits, which is nearly everything, and the contract's own walk for what does
 * not, so that every door words its errors alike.
 */
export const compiledCheck = (schema: JsonSchema): SchemaCheck => {
  const fits = ajv.compile(schema)
  return (value): readonly FieldError[] => {
    if (fits(value)) return []
    const errors = checkSchema(schema, value)
    return errors.length > 0 ? errors : [{ path: fits.errors?.[0]?.instancePath ?? '', message: 'does not fit' }]
  }
}

import { type CommandName, commandEnvelope, commandSchemas } from '@premia/pos-sdk/contract/admin'
import type { JsonSchema } from '@premia/pos-sdk/contract/till'

/** The whole body of a command: envelope and input. */
export const commandSchema = (name: CommandName): JsonSchema => ({
  type: 'object',
  properties: { ...commandEnvelope, input: commandSchemas[name] },
  required: ['id', 'input'],
  additionalProperties: false,
})

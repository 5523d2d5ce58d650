import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { type Schema, schemaFromTypes } from './schema-from-types.ts'

// A CommonJS default, which Node hands over wrapped and the types do not.
const standaloneCode = (standalone as unknown as { default: typeof standalone }).default
const here = join(import.meta.dirname, '..')
const sources = ['condition.ts', 'rule.ts', 'example.ts', 'program.ts', 'sale.ts', 'money.ts'].map((file) =>
  join(here, file),
)

/** What is generated, by file. `node --import tsx rules/testing/build-schema.ts` writes it; a test compares. */
export const generated = (): Record<string, string> => {
  const rule = schemaFromTypes('Rule', sources, 'https://premia.dev/schema/rule.json')
  const program = schemaFromTypes('ProgramDocument', sources, 'https://premia.dev/schema/program.json')
  return {
    'schema/rule.json': `${JSON.stringify(rule, null, 2)}\n`,
    'schema/program.json': `${JSON.stringify(program, null, 2)}\n`,
    'schema/validators.generated.ts': validators(rule, program),
  }
}

/** Stand-alone code: no `new Function` at run time, no import. */
const validators = (rule: Schema, program: Schema): string => {
  const ajv = new Ajv2020({
    code: { source: true, esm: true },
    discriminator: true,
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    inlineRefs: false,
    unicode: false,
    logger: false,
    messages: false,
    allowUnionTypes: true,
  })
  ajv.addSchema(rule)
  ajv.addSchema(program)
  const code = standaloneCode(ajv, { validateRule: rule['$id'] as string, validateProgram: program['$id'] as string })
  return `// Generated from the types; see testing/build-schema.ts.\n// @ts-nocheck\n${code.replace(/^"use strict";/, '')}\n`
}

const sameText = (file: string, text: string): boolean => {
  const onDisk = readFileSync(join(here, file), 'utf8')
  // The formatter may lay out JSON in its own way.
  return file.endsWith('.json')
    ? JSON.stringify(JSON.parse(onDisk)) === JSON.stringify(JSON.parse(text))
    : onDisk === text
}

/** Names of generated files whose text on disk is not what the types say. */
export const stale = (): string[] =>
  Object.entries(generated())
    .filter(([file, text]) => !sameText(file, text))
    .map(([file]) => file)

if (process.argv[1] === import.meta.filename) {
  for (const [file, text] of Object.entries(generated())) writeFileSync(join(here, file), text)
}

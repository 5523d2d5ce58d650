import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A JSON Schema as plain data. */
export type Schema = { [key: string]: unknown }

/** Types that JSON carries as a whole number. */
const WHOLE = new Set(['Minor', 'Milli', 'Ppm', 'Points', 'Rate', 'AwardPoints'])

type Declared = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

const declarationsOf = (files: readonly string[]): Map<string, Declared> => {
  const found = new Map<string, Declared>()
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
        found.set(statement.name.text, statement)
    }
  }
  return found
}

interface Comment {
  readonly description?: string
  readonly tags: Readonly<Record<string, string>>
}

const commentOf = (node: ts.Node): Comment => {
  const [block] = (ts.getJSDocCommentsAndTags(node) as readonly ts.JSDoc[]).filter(ts.isJSDoc)
  if (block === undefined) return { tags: {} }
  const text = block
    .getText()
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((row) => row.replace(/^\s*\* ?/, '').trim())
    .join(' ')
  const tags: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(/@(\w+) ([^@]*)/g)) tags[name as string] = (value as string).trim()
  const description = text.split(/\s@\w|^@\w/)[0]?.trim()
  return description ? { description, tags } : { tags }
}

/** Writes the limits of a comment into the schema of the value it stands at. */
const constrain = (schema: Schema, { description, tags }: Comment): Schema => {
  const result: Schema = { ...schema }
  for (const [tag, value] of Object.entries(tags)) {
    if (tag === 'pattern') result['pattern'] = value
    else if (tag.startsWith('item')) {
      const key = (tag[4] ?? '').toLowerCase() + tag.slice(5)
      result['items'] = { ...(result['items'] as Schema), [key]: Number(value) }
    } else if (tag !== 'example') result[tag] = Number(value)
  }
  return description === undefined ? result : { ...result, description }
}

class Writer {
  readonly defs: Record<string, Schema> = {}
  private readonly declared: Map<string, Declared>

  constructor(declared: Map<string, Declared>) {
    this.declared = declared
  }

  reference(name: string): Schema {
    if (WHOLE.has(name)) return { type: 'integer' }
    const node = this.declared.get(name)
    if (node === undefined) throw new Error(`the schema needs type ${name}, which no file declares`)
    if (!(name in this.defs)) {
      this.defs[name] = {}
      this.defs[name] = constrain(
        ts.isInterfaceDeclaration(node) ? this.object(node) : this.type(node.type),
        commentOf(node),
      )
    }
    return { $ref: `#/$defs/${name}` }
  }

  private membersOf(node: ts.InterfaceDeclaration | ts.TypeLiteralNode): readonly ts.PropertySignature[] {
    const inherited = (ts.isInterfaceDeclaration(node) ? (node.heritageClauses ?? []) : []).flatMap((clause) =>
      clause.types.flatMap((type) =>
        this.membersOf(this.declared.get(type.expression.getText()) as ts.InterfaceDeclaration),
      ),
    )
    return [...inherited, ...node.members.filter(ts.isPropertySignature)]
  }

  private object(node: ts.InterfaceDeclaration | ts.TypeLiteralNode): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const property of this.membersOf(node)) {
      const name = property.name.getText()
      properties[name] = constrain(this.type(property.type as ts.TypeNode), commentOf(property))
      if (property.questionToken === undefined) required.push(name)
    }
    return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false }
  }

  type(node: ts.TypeNode): Schema {
    if (ts.isParenthesizedTypeNode(node)) return this.type(node.type)
    if (ts.isTypeOperatorNode(node)) return this.type(node.type)
    if (ts.isArrayTypeNode(node)) return { type: 'array', items: this.type(node.elementType) }
    if (ts.isTupleTypeNode(node)) return this.tuple(node)
    if (ts.isTypeLiteralNode(node)) return this.object(node)
    if (ts.isUnionTypeNode(node)) return this.union(node)
    if (ts.isTypeReferenceNode(node)) return this.named(node)
    if (ts.isLiteralTypeNode(node)) return { const: literalOf(node) }
    if (node.kind === ts.SyntaxKind.StringKeyword) return { type: 'string' }
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { type: 'integer' }
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { type: 'boolean' }
    throw new Error(`the schema cannot say ${node.getText()}`)
  }

  private named(node: ts.TypeReferenceNode): Schema {
    const name = node.typeName.getText()
    if (name !== 'Readonly' && name !== 'Record') return this.reference(name)
    const [first, second] = node.typeArguments ?? []
    if (name === 'Readonly') return this.type(first as ts.TypeNode)
    return { type: 'object', additionalProperties: this.type(second as ts.TypeNode) }
  }

  private tuple(node: ts.TupleTypeNode): Schema {
    const items = node.elements.map((element) => this.type(ts.isNamedTupleMember(element) ? element.type : element))
    return { type: 'array', prefixItems: items, items: false, minItems: items.length, maxItems: items.length }
  }

  private union(node: ts.UnionTypeNode): Schema {
    const literals = node.types.filter(ts.isLiteralTypeNode)
    if (literals.length === node.types.length) return { enum: literals.map(literalOf) }
    const options = node.types.map((each) => this.type(each))
    const plain = options.every((option) => Object.keys(option).length === 1 && typeof option['type'] === 'string')
    if (plain) return { type: options.map((option) => option['type']) }
    const tag = this.tagOf(options)
    return tag === undefined
      ? { anyOf: options }
      : { type: 'object', discriminator: { propertyName: tag }, required: [tag], oneOf: options }
  }

  /** The property whose constant tells the options apart. */
  private tagOf(options: readonly Schema[]): string | undefined {
    const objects = options.map((option) => this.resolve(option))
    return ['kind', 'do', 'phase'].find((name) =>
      objects.every((object) => {
        const property = (object['properties'] as Record<string, Schema> | undefined)?.[name]
        return property !== undefined && 'const' in property
      }),
    )
  }

  private resolve(schema: Schema): Schema {
    const name = typeof schema['$ref'] === 'string' ? schema['$ref'].replace('#/$defs/', '') : undefined
    return name === undefined ? schema : (this.defs[name] as Schema)
  }
}

const literalOf = ({ literal }: ts.LiteralTypeNode): string | number | boolean => {
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return true
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return false
  if (ts.isStringLiteral(literal)) return literal.text
  return Number(literal.getText())
}

/** The JSON Schema of a type, from its declaration and comments: one source for both. */
export const schemaFromTypes = (root: string, files: readonly string[], id: string): Schema => {
  const writer = new Writer(declarationsOf(files))
  const top = writer.reference(root)
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: id, ...top, $defs: writer.defs }
}

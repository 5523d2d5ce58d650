import {
  actingHeader,
  type CommandName,
  commandEnvelope,
  commandSchemas,
  commandScopes,
  commandsWithReason,
  querySchemas,
} from '@premia/pos-sdk/contract/admin'
import { problemMediaType, problemType, refusals } from '@premia/pos-sdk/contract/problems'
import { type JsonSchema, problemSchema, sessionHeaders, tillRequests } from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { docsPage, problemPage } from './docs-page.ts'
import type { OpenApiDocument, Operation } from './openapi-document.ts'

/**
 * OpenAPI 3.1 of both doors, made from the very schemas that check the requests, so that it cannot say anything else. Built
 * once; a till's maker and a console's read the same contract.
 */
const VERSION = '1'
const json = (schema: JsonSchema): object => ({ content: { 'application/json': { schema } } })

/** Every refusal by its status: the codes of the catalogue that have it. */
const problemResponses = (): Readonly<Record<string, object>> => {
  const codes = new Map<number, string[]>()
  for (const { status, code } of refusals) codes.set(status, [...(codes.get(status) ?? []), code])
  return Object.fromEntries(
    [...codes].map(([status, list]) => [
      String(status),
      {
        description: list.join(', '),
        content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const header = (name: string, description: string): object => ({ type: 'apiKey', in: 'header', name, description })

const components = (securitySchemes: object): object => ({ schemas: { Problem: problemSchema }, securitySchemes })

/** Two requests on one address are one operation with a choice of bodies. */
const tillPaths = (): OpenApiDocument['paths'] => {
  const paths: Record<string, Record<string, Operation>> = {}
  const problems = problemResponses()
  for (const [name, request] of Object.entries(tillRequests)) {
    const method = request.method.toLowerCase()
    const known = paths[request.path]?.[method]
    const body = 'body' in request ? (request.body as JsonSchema) : undefined
    const bodies = [...bodiesOf(known), ...(body === undefined ? [] : [body])]
    const answers = [...answersOf(known), request.answer as JsonSchema]
    paths[request.path] = {
      ...paths[request.path],
      [method]: {
        operationId: known?.operationId ?? name,
        summary: known === undefined ? request.summary : `${known.summary}; ${request.summary.toLowerCase()}`,
        security: request.proof === 'session' ? [{ terminal: [], session: [], time: [], mac: [] }] : [],
        ...(request.path.includes('{id}')
          ? { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }] }
          : {}),
        ...(bodies.length === 0 ? {} : { requestBody: { required: true, ...json(eitherOf(bodies)) } }),
        responses: { '200': { description: 'The answer', ...json(eitherOf(answers)) }, ...problems },
      },
    }
  }
  return paths
}

const eitherOf = (schemas: readonly JsonSchema[]): JsonSchema =>
  schemas.length === 1 ? (schemas[0] as JsonSchema) : { oneOf: schemas }

type WithContent = { readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } }
const bodiesOf = (operation: Operation | undefined): readonly JsonSchema[] =>
  operation?.requestBody === undefined
    ? []
    : [(operation.requestBody as WithContent).content['application/json'].schema]
const answersOf = (operation: Operation | undefined): readonly JsonSchema[] =>
  operation === undefined ? [] : [(operation.responses['200'] as WithContent).content['application/json'].schema]

const commandOperation = (name: CommandName): Operation => {
  const required = ['id', 'input']
  if (commandScopes[name] === 'program') required.push('program')
  if (commandsWithReason.includes(name)) required.push('reason')
  const { program, ...rest } = commandEnvelope
  const envelope = commandScopes[name] === 'program' ? { ...rest, program } : rest
  const body: JsonSchema = {
    type: 'object',
    properties: { ...envelope, input: commandSchemas[name] },
    required,
    additionalProperties: false,
  }
  return {
    operationId: name,
    summary: `${commandScopes[name] === 'program' ? 'On one program' : 'Of the operator'}: ${name}`,
    security: [{ acting: [] }],
    requestBody: { required: true, ...json(body) },
    responses: {
      '200': { description: 'Done, or done before: status "done" or "duplicate" with the same result' },
      ...problemResponses(),
    },
  }
}

const adminPaths = (): OpenApiDocument['paths'] => {
  const commands = (Object.keys(commandSchemas) as CommandName[]).map((name) => [
    `/admin/v1/commands/${name}`,
    { post: commandOperation(name) },
  ])
  const queries = Object.entries(querySchemas).map(([name, input]) => [
    `/admin/v1/queries/${name}`,
    {
      post: {
        operationId: name,
        summary: `A question that only the engine can answer: ${name}`,
        security: [{ acting: [] }],
        requestBody: {
          required: true,
          ...json({ type: 'object', properties: { input }, required: ['input'], additionalProperties: false }),
        },
        responses: { '200': { description: 'The answer' }, ...problemResponses() },
      } satisfies Operation,
    },
  ])
  return Object.fromEntries([...commands, ...queries]) as OpenApiDocument['paths']
}

export const tillDocument = (): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Premia for tills',
    version: VERSION,
    description:
      'What a terminal sends. Each request but enrolment and hello is sealed with the key of a session; each sale is signed by the device. A finished sale is a fact: only what cannot be understood or trusted is refused.',
  },
  paths: tillPaths(),
  components: components({
    terminal: header(sessionHeaders.terminal, 'The terminal'),
    session: header(sessionHeaders.session, 'Its session, from hello'),
    time: header(sessionHeaders.time, 'Milliseconds since 1970, near the time of the engine'),
    mac: header(
      sessionHeaders.mac,
      'HMAC-SHA-256 with the session key over method, path, terminal, session, time and body hash',
    ),
  }),
})

export const adminDocument = (): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Premia for the console',
    version: VERSION,
    description:
      'Commands change, each once by its id and with one audit row; questions are what only the engine can answer. The acting person is claimed in a signed header that lives a minute at the longest.',
  },
  paths: adminPaths(),
  components: components({ acting: header(actingHeader, 'Claims and their MAC, bound to method, path and body') }),
})

/** The two documents, and a page to read them that needs nothing from anywhere else. */
export const openApiRoutes = (app: FastifyInstance): void => {
  const documents = { till: tillDocument(), admin: adminDocument() }
  const page = docsPage(Object.values(documents))
  for (const [name, document] of Object.entries(documents)) {
    const text = JSON.stringify(document)
    app.get(`/openapi/${name}.json`, (_request, reply) => reply.type('application/json; charset=utf-8').send(text))
  }
  const html = (reply: FastifyReply, text: string): FastifyReply =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      )
      .send(text)
  app.get('/docs', (_request, reply) => html(reply, page))
  for (const row of refusals) app.get(problemType(row.code), (_request, reply) => html(reply, problemPage(row)))
}

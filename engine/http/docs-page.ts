import type { Refusal } from '@premia/pos-sdk/contract/problems'
import type { JsonSchema } from '@premia/pos-sdk/contract/till'
import type { OpenApiDocument } from './openapi-document.ts'

/** The documents as one page: no script, no font and no host but this one. Light and dark follow the reader's system. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `
:root{color-scheme:light dark;--bg:#faf9f5;--card:#fff;--ink:#1d1c19;--soft:#6a675e;--line:#dedbd1;--get:#0b6b57;--post:#7a4a00;--code:#f2f0e9}
@media(prefers-color-scheme:dark){:root{--bg:#161613;--card:#1e1e1a;--ink:#ecebe4;--soft:#a3a094;--line:#37362f;--get:#5fcab0;--post:#e3b062;--code:#26261f}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 5rem}h1{font-size:1.6rem;margin:0}h2{margin:3rem 0 .3rem;font-size:1.25rem}
p{max-width:44rem}.soft{color:var(--soft)}code{font:13px/1.5 ui-monospace,monospace}a{color:inherit}
details.op{background:var(--card);border:1px solid var(--line);border-radius:6px;margin:.4rem 0}
details.op>summary{cursor:pointer;padding:.55rem .8rem;display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
details.op>div{padding:0 .8rem .8rem;border-top:1px solid var(--line)}
.m{font:600 12px ui-monospace,monospace;min-width:2.6rem}.GET{color:var(--get)}.POST{color:var(--post)}
h3{font-size:.95rem;margin:1rem 0 .3rem}ul.f{list-style:none;margin:0;padding-left:1rem;border-left:1px solid var(--line)}
ul.f li{padding:.1rem 0;overflow-wrap:anywhere}.req{color:var(--post)}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.25rem .5rem .25rem 0;vertical-align:top}
pre{background:var(--code);padding:.6rem;border-radius:4px;overflow:auto}`

/** Deeper than any of our schemas is. */
const DEPTH_MAX = 8

const kindOf = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.join(' | ')
  const limits = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : `≤ ${schema.maximum}`,
    schema.maxLength === undefined ? '' : `≤ ${schema.maxLength} characters`,
    schema.maxItems === undefined ? '' : `≤ ${schema.maxItems}`,
  ].filter((each) => each !== '')
  return `${schema.type ?? 'any'}${limits.length === 0 ? '' : ` (${limits.join(', ')})`}`
}

const fields = (schema: JsonSchema, depth = 0): string => {
  if (depth > DEPTH_MAX) return ''
  if (schema.oneOf !== undefined) {
    return `<ul class="f">${schema.oneOf
      .map(
        (option, index) =>
          `<li><span class="soft">form ${index + 1}: ${escape(kindOf(option))}</span>${fields(option, depth + 1)}</li>`,
      )
      .join('')}</ul>`
  }
  if (schema.items !== undefined) return fields(schema.items, depth + 1)
  if (schema.properties === undefined) return ''
  const required = new Set(schema.required)
  const rows = Object.entries(schema.properties).map(
    ([name, value]) =>
      `<li><code>${escape(name)}</code>${required.has(name) ? '<span class="req" title="required"> *</span>' : ''} <span class="soft">${escape(kindOf(value))}${
        value.description === undefined ? '' : ` · ${escape(value.description)}`
      }</span>${fields(value, depth + 1)}</li>`,
  )
  return `<ul class="f">${rows.join('')}</ul>`
}

type Content = { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }
const schemaIn = (part: object | undefined): JsonSchema | undefined =>
  Object.values((part as Content | undefined)?.content ?? {})[0]?.schema

const operation = (
  path: string,
  method: string,
  { summary, security, requestBody, responses }: OpenApiDocument['paths'][string][string],
): string => {
  const body = schemaIn(requestBody)
  const answer = schemaIn(responses['200'])
  const proofs = security.flatMap((each) => Object.keys(each)).join(', ')
  const problems = Object.entries(responses)
    .filter(([status]) => status !== '200')
    .map(
      ([status, each]) =>
        `<tr><td>${status}</td><td><code>${escape((each as { description: string }).description)}</code></td></tr>`,
    )
  return `<details class="op"><summary><span class="m ${method}">${method}</span><code>${escape(path)}</code><span class="soft">${escape(summary)}</span></summary><div>
<p class="soft">${proofs === '' ? 'No header proves the sender.' : `Proven by ${escape(proofs)}.`}</p>
${body === undefined ? '' : `<h3>Body</h3>${fields(body)}`}
<h3>Answer</h3>${answer === undefined ? `<p>${escape((responses['200'] as { description: string }).description)}</p>` : fields(answer)}
<details><summary>Refusals</summary><table>${problems.join('')}</table></details></div></details>`
}

const section = ({ info, paths }: OpenApiDocument, index: number): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => operation(path, method.toUpperCase(), each)),
  )
  const file = index === 0 ? 'till' : 'admin'
  return `<section><h2 id="${file}">${escape(info.title)}</h2><p>${escape(info.description)}</p>
<p class="soft">OpenAPI 3.1: <a href="/openapi/${file}.json"><code>/openapi/${file}.json</code></a></p>${operations.join('\n')}</section>`
}

const RETRY = {
  never: 'The same document will not be accepted. A till puts it aside for a person.',
  'same-id': 'Say hello again, then send the very same request.',
  after: 'Send the very same request again, after Retry-After where the answer has one.',
} as const satisfies Record<Refusal['retry'], string>

/** What a problem document's `type` leads to. */
export const problemPage = ({ code, status, title, retry }: Refusal): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Premia: ${escape(code)}</title><style>${STYLE}</style></head><body><main>
<h1>${escape(title)}</h1><p class="soft"><code>${escape(code)}</code> · status ${status}</p>
<p>${escape(RETRY[retry])}</p><p><a href="/docs">The two doors</a></p></main></body></html>`

export const docsPage = (documents: readonly OpenApiDocument[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Premia: the two doors</title><style>${STYLE}</style></head><body><main>
<h1>The two doors</h1><p class="soft"><a href="#till">Tills</a> · <a href="#admin">Console</a> · <span class="req">*</span> is required</p>
${documents.map(section).join('\n')}</main></body></html>`

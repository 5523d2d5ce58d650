import { randomUUID } from 'node:crypto'
import type { Access } from '../kit/server/access.ts'
import { csvLine, csvText, guarded } from '../kit/server/csv.ts'
import { readList, type ReadRequest } from '../kit/server/read.ts'
import type { SectionModule } from '../kit/server/section-api.ts'
import { inScope } from '../kit/server/transaction.ts'
import { pageRowsMax } from '../kit/model/wire.ts'
import { type Language, languages } from '../kit/model/wire.ts'
import type { Words } from '../kit/words/en.ts'
import type { Parts, Request } from './context.ts'
import { sectionTexts } from './section-titles.ts'

/** More than this is a job for another day: the file says so in its last line. */
const exportRowsMax = 200_000

/**
 * Everything that matches, a page at a time as it is taken, so that neither memory nor a database transaction grows with the
 * file. A page that fails breaks the connection: half a file must not look like a whole one. Who exported what, with which
 * filter, stands in the console's audit.
 */
export const exportCsv = async (
  c: Request,
  parts: Parts,
  {
    module,
    access,
    request,
  }: { readonly module: SectionModule; readonly access: Access; readonly request: ReadRequest },
): Promise<Response> => {
  const { section } = module.source
  const wanted = c.req.query('language') as Language
  const language = languages.includes(wanted) ? wanted : access.language
  const texts = await sectionTexts(section.name, language)
  const { words } = (await import(`../kit/words/${language}.ts`)) as { words: Words }
  const rowsMax = parts.exportRowsMax ?? exportRowsMax
  const page = async (after: string | undefined) =>
    await inScope(parts.database, access, (tx) =>
      readList(
        module.source,
        { ...request, ...(after === undefined ? {} : { after }), limit: Math.min(pageRowsMax, rowsMax) },
        tx,
        parts.sections.references,
      ),
    )
  // The first page is read before anything is sent: what is wrong with the request is still answered as a problem.
  let answer = await page(undefined)
  await parts.database`INSERT INTO console.audit (audit_id, at, user_id, section, action, changes) VALUES (
    ${randomUUID()}, ${new Date(parts.nowMs()).toISOString()}, ${access.userId}, ${section.name}, 'export',
    ${JSON.stringify({ filter: request.filter, columns: request.columns, sort: request.sort })}::text::jsonb)`
  const separator = language === 'en' ? ',' : ';'
  const decimal = language === 'en' ? '.' : ','
  const programs = new Map(access.programs.map((program) => [program.publicId, program]))
  const date = new Date(parts.nowMs()).toISOString().slice(0, 10)
  c.header('content-type', 'text/csv; charset=utf-8')
  c.header('content-disposition', `attachment; filename="${section.name}-${date}.csv"`)
  const lines = async function* (): AsyncGenerator<string> {
    const head = request.columns.map((name) => texts.fields[name]?.label ?? name)
    // The byte order mark tells spreadsheets that the letters are UTF-8.
    yield `\uFEFF${csvLine([words.program, words.currency, ...head], separator)}`
    let written = 0
    for (;;) {
      let text = ''
      for (const row of answer.rows) {
        const program = programs.get(row.program ?? '')
        const cells = request.columns.map((name) => csvText(row.cells[name] ?? null, decimal))
        text += csvLine([guarded(program?.name ?? ''), program?.currency ?? '', ...cells], separator)
      }
      yield text
      written += answer.rows.length
      if (answer.next === null) return
      if (written >= rowsMax) {
        yield csvLine([words.list.cut(written)], separator)
        return
      }
      answer = await page(answer.next)
    }
  }
  const fault = (error: Error): void =>
    parts.log({ level: 'error', trace: c.var.trace, path: c.req.path, error: error.message, stack: error.stack })
  return c.body(asBytes(lines(), fault))
}

/** A line is made when somebody takes it; whoever goes away ends the making. */
const asBytes = (lines: AsyncGenerator<string>, fault: (error: Error) => void): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let gone = false
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await lines.next()
        if (gone) return
        if (done === true) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        fault(error as Error)
        controller.error(error)
      }
    },
    cancel: async () => {
      gone = true
      await lines.return(undefined)
    },
  })
}

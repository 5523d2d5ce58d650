import { useQueryClient } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Condition } from '../model/condition.ts'
import type { ListRow } from '../model/wire.ts'
import { alignsRight, CellView } from './cell.tsx'
import { orderColumns, useColumnTaste, widened } from './column-taste.ts'
import { partsOf, textOfParts } from './condition-url.ts'
import { FilterBar, useFields, useTextContext } from './filter-bar.tsx'
import { sentenceOf } from './filter-text.ts'
import { formatNumber } from './format.ts'
import { useKeys } from './keys.ts'
import { words } from './language.ts'
import { ListTools, OrderChoice } from './list-tools.tsx'
import { rememberNeighbours } from './neighbours.ts'
import { ProgramMark } from './program-mark.tsx'
import type { LoadedSection } from './section-page.ts'
import { linkTo, useShell } from './shell-context.ts'
import { Empty, Failure, Skeleton } from './states.tsx'
import { type NarrowColumns, Table, type TableColumn } from './table.tsx'
import { announce } from './toasts.tsx'
import { type ListQuestion, useCount, useList, useNewer } from './use-list.ts'
import { useNarrow } from './use-narrow.ts'
import { usePrint } from './use-print.ts'
import { ViewTabs } from './view-tabs.tsx'

/** A section's list: views, filter, table. All of its state stands in the address. */
export const ListPage = ({ loaded }: { readonly loaded: LoadedSection }) => {
  const { section, texts, page } = loaded
  const shell = useShell()
  const { query, route, path } = useLocation()
  const fields = useFields(loaded)
  const [taste, setTaste] = useColumnTaste(section.name)
  const available = section.list.columns.filter((name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    // Whoever has one outlet knows which.
    return field !== undefined && !(shell.me.outlet !== undefined && field.type === 'ref' && field.to === 'outlets')
  })
  const ordered = orderColumns(available, taste.order)
  const narrow = narrowOf(loaded, available)
  const stacked = useNarrow()
  const columns = stacked
    ? [...narrow.lead, ...narrow.trail].filter((name) => available.includes(name))
    : ordered.filter((name) => !taste.hidden.includes(name))
  const parts = useMemo(() => partsOf(query['filter']), [query['filter']])
  const sort = query['sort'] ?? section.list.sort.join(',')
  const question: ListQuestion = {
    section: section.name,
    scope: shell.scope,
    columns,
    filter: textOfParts(parts),
    sort,
  }
  const go = (change: { readonly filter?: string | undefined; readonly sort?: string | undefined }): void =>
    route(linkTo(path, { scope: shell.scope, filter: question.filter, sort: query['sort'], ...change }), true)
  const [printing, setPrinting] = useState(false)
  const Aside = page.list?.aside
  return (
    <section class="list-page" aria-labelledby="page-title">
      <ListHead loaded={loaded} question={question} />
      <ViewTabs loaded={loaded} parts={parts} sort={sort} onPick={go} />
      <div class="list-bar">
        <FilterBar loaded={loaded} parts={parts} onChange={(next) => go({ filter: textOfParts(next) })} />
        {stacked ? (
          <OrderChoice loaded={loaded} available={available} sort={sort} onSort={(next) => go({ sort: next })} />
        ) : null}
        <ListTools
          loaded={loaded}
          question={question}
          available={ordered}
          taste={taste}
          onTaste={setTaste}
          onPrint={() => setPrinting(true)}
        />
      </div>
      <PrintHead loaded={loaded} parts={parts} />
      {Aside === undefined ? null : <Aside texts={texts} />}
      <ListBody
        loaded={loaded}
        question={question}
        onSort={(next) => go({ sort: next })}
        onClear={() => go({ filter: undefined })}
        live={page.list?.live === true}
        narrow={narrow}
        printing={printing}
        onPrinted={() => setPrinting(false)}
        widths={taste.widths}
        onResize={(name, pixels) => setTaste(widened(taste, name, pixels))}
      />
      <span class="unseen">{texts.title}</span>
    </section>
  )
}

/** What a narrow screen shows of a row, as far as the person may see it. */
const narrowOf = ({ section, page }: LoadedSection, available: readonly string[]): NarrowColumns => {
  const { lead, trail } = page.list?.narrow ?? { lead: available.slice(0, 2), trail: available.slice(2, 4) }
  return {
    // Without the title's field a row is told by the end of its id.
    lead: lead.filter((name) => name === section.title || available.includes(name)),
    trail: trail.filter((name) => available.includes(name)),
  }
}

interface PartProps {
  readonly loaded: LoadedSection
  readonly question: ListQuestion
}

const ListHead = ({ loaded, question }: PartProps) => {
  const [exactly, setExactly] = useState(false)
  useEffect(() => setExactly(false), [question.filter, question.scope])
  const { data } = useCount(question, exactly)
  const { list } = words.value
  const { texts } = loaded
  const text = data === undefined ? '' : data.exact ? texts.count(data.count) : texts.about(data.count)
  useEffect(() => {
    if (text !== '') announce(text)
  }, [text])
  return (
    <header class="list-head">
      <h1 id="page-title" tabIndex={-1}>
        {loaded.texts.title}
      </h1>
      <span class="count muted">
        {text}
        {data?.exact === false ? (
          <button type="button" class="quiet" onClick={() => setExactly(true)}>
            {list.countExactly}
          </button>
        ) : null}
      </span>
    </header>
  )
}

/** On paper the filter stands in words under the title. */
const PrintHead = ({ loaded, parts }: { readonly loaded: LoadedSection; readonly parts: readonly Condition[] }) => {
  const context = useTextContext(loaded, parts)
  const { programs } = useShell()
  return (
    <p class="print-only">
      {programs.map((program) => program.name).join(', ')}
      {parts.length === 0 ? '' : ` · ${sentenceOf({ all: parts }, context)}`}
    </p>
  )
}

interface BodyProps extends PartProps {
  readonly onSort: (sort: string) => void
  readonly onClear: () => void
  readonly live: boolean
  readonly narrow: NarrowColumns
  readonly printing: boolean
  readonly onPrinted: () => void
  readonly widths: Readonly<Record<string, number>>
  readonly onResize: (column: string, pixels: number) => void
}

const ListBody = (props: BodyProps) => {
  const { loaded, question, onSort, onClear, live, widths, onResize } = props
  const { section, texts, page } = loaded
  const shell = useShell()
  const client = useQueryClient()
  const list = useList(question)
  const count = useCount(question, false)
  const pages = list.data?.pages ?? []
  const rows = useMemo(() => pages.flatMap((each) => each.rows), [list.data])
  const newer = useNewer(question, pages[0]?.first, live && !list.isPlaceholderData)
  const showNewer = (): void => {
    void client.resetQueries({ queryKey: ['rows', section.name] })
    void client.invalidateQueries({ queryKey: ['count', section.name] })
  }
  useKeys({ r: showNewer }, newer > 0)
  const whole = usePrint(list, rows.length, props)
  // Whoever may not see the title's field tells rows apart by the end of their id.
  const { title } = section
  const ownName = page.list?.ownProgram === true
  const masked = !Object.hasOwn(useFields(loaded), title)
  const columns = useColumns(loaded, masked ? [title, ...question.columns] : question.columns, widths)
  if (list.isError && rows.length === 0) return <Failure error={list.error} again={() => void list.refetch()} />
  if (list.data === undefined) return <Skeleton rows={12} kind="table" />
  if (rows.length === 0) return <NoRows loaded={loaded} filtered={question.filter !== undefined} onClear={onClear} />
  const bounded = pages[0]?.boundedFrom
  return (
    <>
      {newer > 0 ? (
        <button type="button" class="newer" onClick={showNewer}>
          {texts.newer(newer)} – <strong>{words.value.list.show}</strong>
        </button>
      ) : null}
      {bounded === undefined ? null : <p class="note">{words.value.list.bounded(31)}</p>}
      <Table
        label={texts.title}
        columns={columns}
        rows={rows}
        total={count.data?.exact === true ? count.data.count : -1}
        sort={question.sort}
        onSort={onSort}
        onResize={onResize}
        cell={(row, name) => <RowCell loaded={loaded} row={row} name={name} />}
        // Rows that belong to no program need not say whose they are.
        mark={
          shell.mixed && section.scope !== 'operator'
            ? (row) => <ProgramMark program={row.program} nameless={ownName} />
            : undefined
        }
        markWidth={ownName ? '56px' : 'minmax(104px, 1.2fr)'}
        href={(row) =>
          hrefOf(section.name, row, {
            scope: shell.scope,
            program: page.list?.several === true && shell.mixed ? row.program : undefined,
          })
        }
        onOpen={() => rememberNeighbours(section.name, rows)}
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
        }}
        selected={texts.selected}
        dim={list.isPlaceholderData}
        narrow={props.narrow}
        whole={whole}
        tail={<Tail count={rows.length} more={list.hasNextPage} />}
      />
      {list.hasNextPage ? <p class="print-only">{words.value.list.printed(rows.length)}</p> : null}
    </>
  )
}

const hrefOf = (
  section: string,
  row: ListRow,
  { scope, program }: { scope?: string | undefined; program?: string | undefined },
): string => linkTo(`/${section}/${row.id}`, { scope, program })

const Tail = ({ count, more }: { readonly count: number; readonly more: boolean }) => (
  <p class="tail muted">{more ? words.value.list.more : `${words.value.list.end} · ${formatNumber(count)}`}</p>
)

const NoRows = ({ loaded, filtered, onClear }: { loaded: LoadedSection; filtered: boolean; onClear: () => void }) => {
  const { list } = words.value
  if (!filtered) return <Empty title={loaded.texts.none.title} text={loaded.texts.none.text} />
  return (
    <Empty title={list.nothingTitle} text={list.nothingText}>
      <button type="button" class="button" onClick={onClear}>
        {list.clear}
      </button>
    </Empty>
  )
}

const RowCell = ({ loaded, row, name }: { loaded: LoadedSection; row: ListRow; name: string }) => {
  const shell = useShell()
  const { section, texts, page } = loaded
  const own = page.list?.cells?.[name]
  if (own !== undefined) return <>{own({ row, shell, texts })}</>
  const field = section.fields[name]
  if (field === undefined) return null
  // Masked, or a member without a person: the row's link needs a name.
  if (name === section.title && (row.cells[name] ?? '') === '') return <span class="code">…{row.id.slice(-6)}</span>
  return <CellView field={field} cell={row.cells[name] ?? null} context={{ shell, texts, row, name }} />
}

const widthOf = (type: string, zoned: boolean): string => {
  switch (type) {
    case 'instant':
      return zoned ? 'minmax(124px, 0.5fr)' : 'minmax(104px, 0.5fr)'
    case 'money':
      return 'minmax(104px, 0.7fr)'
    case 'points':
    case 'integer':
      return 'minmax(76px, 0.5fr)'
    case 'state':
    case 'choice':
    case 'dictionary':
      return 'minmax(96px, 0.6fr)'
    default:
      return 'minmax(110px, 1fr)'
  }
}

const useColumns = (
  loaded: LoadedSection,
  names: readonly string[],
  widths: Readonly<Record<string, number>>,
): readonly TableColumn[] => {
  const { section, texts, page } = loaded
  const { zoned } = useShell()
  return useMemo(
    () =>
      names.flatMap((name) => {
        const field = section.fields[name]
        if (field === undefined) return []
        const label = texts.fields[name]?.label ?? name
        return {
          name,
          label,
          short: texts.fields[name]?.short ?? label,
          right: alignsRight(field),
          sortable: field.sort === true,
          width:
            widths[name] === undefined
              ? (page.list?.widths?.[name] ?? widthOf(field.type, zoned))
              : `${widths[name]}px`,
        }
      }),
    [section, texts, page, zoned, widths, names.join(',')],
  )
}

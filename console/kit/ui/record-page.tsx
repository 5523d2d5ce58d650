import { useQuery, useQueryClient } from '@tanstack/preact-query'
import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-preact'
import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import type { Section } from '../model/section.ts'
import type { ListRow } from '../model/wire.ts'
import { ActionDialog } from './action-dialog.tsx'
import { ApiProblem, getJson } from './api.ts'
import { CellView } from './cell.tsx'
import { useKeys } from './keys.ts'
import { words } from './language.ts'
import { neighboursOf } from './neighbours.ts'
import type { LoadedSection, RecordAnswer } from './section-page.ts'
import { linkTo, useShell } from './shell-context.ts'
import { Empty, Failure, Skeleton } from './states.tsx'

interface RecordPageProps {
  readonly loaded: LoadedSection
  readonly id: string
}

/** One row of a section: its head with the actions, then what the section itself shows. */
export const RecordPage = ({ loaded, id }: RecordPageProps) => {
  const { section } = loaded
  const { scope } = useShell()
  const client = useQueryClient()
  const key = ['record', section.name, id, scope]
  const record = useQuery({
    queryKey: key,
    queryFn: () => getJson<RecordAnswer>(`/sections/${section.name}/records/${id}`, { scope }),
    staleTime: 15_000,
  })
  useRecordKeys(section.name, id)
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: key })
    await client.invalidateQueries({ queryKey: ['rows', section.name], refetchType: 'none' })
  }
  if (record.error instanceof ApiProblem && record.error.status === 404) {
    const { error: text, record: own } = words.value
    return (
      <Empty whole title={text.gone} text={text.goneText}>
        <a class="button" href={linkTo(`/${section.name}`, { scope })}>
          {own.back}
        </a>
      </Empty>
    )
  }
  if (record.error !== null) return <Failure error={record.error} again={() => void record.refetch()} />
  const answer = record.data
  const [row] = answer?.rows ?? []
  if (answer === undefined || row === undefined) return <Skeleton rows={8} kind="record" />
  const Own = loaded.page.record
  return (
    <article class="record">
      <RecordHead loaded={loaded} row={row} answer={answer} refresh={refresh} />
      {Own === undefined ? null : <Own id={id} answer={answer} loaded={loaded} refresh={refresh} />}
    </article>
  )
}

/** The keys of a record work while it is still on its way, too: they belong to the page, not to what it shows. */
const useRecordKeys = (section: string, id: string): void => {
  const { scope } = useShell()
  const { route } = useLocation()
  const { previous, next } = neighboursOf(section, id)
  const go = (to: string | undefined): void => {
    if (to !== undefined) route(linkTo(`/${section}/${to}`, { scope }), true)
  }
  useKeys({
    '[': () => go(previous),
    ']': () => go(next),
    // Leaves one layer: an open dialog or menu first, the record last.
    Escape: () => route(linkTo(`/${section}`, { scope })),
  })
}

/** The title's field, or the end of the id where the person may not see it. */
const titleOf = (section: Section, row: ListRow): string => {
  const cell = row.cells[section.title] ?? null
  return typeof cell === 'string' && cell !== '' ? cell : `…${row.id.slice(-6)}`
}

interface HeadProps {
  readonly loaded: LoadedSection
  readonly row: ListRow
  readonly answer: RecordAnswer
  readonly refresh: () => Promise<void>
}

const RecordHead = ({ loaded, row, answer, refresh }: HeadProps) => {
  const { section, texts } = loaded
  const shell = useShell()
  const { route } = useLocation()
  const text = words.value.record
  const back = linkTo(`/${section.name}`, { scope: shell.scope })
  const { previous, next } = neighboursOf(section.name, row.id)
  const go = (id: string | undefined): void => {
    if (id !== undefined) route(linkTo(`/${section.name}/${id}`, { scope: shell.scope }), true)
  }
  const title = titleOf(section, row)
  useEffect(() => {
    document.title = `${title} · ${texts.title} · Premia`
  }, [title, texts])
  // Where the record stands in several programs no program's name stands for it.
  const program = answer.rows.length > 1 ? undefined : shell.me.programs.find((each) => each.id === row.program)
  return (
    <header class="record-head">
      <nav class="crumbs" aria-label={text.back}>
        <a href={back} onClick={(event) => goBack(event)}>
          <ArrowLeft size={14} aria-hidden="true" /> {texts.title}
        </a>
        <span class="neighbours">
          <button
            type="button"
            class="icon-button"
            disabled={previous === undefined}
            onClick={() => go(previous)}
            aria-label={text.previous}
            title={`${text.previous}  [`}
          >
            <ChevronLeft size={16} aria-hidden="true" />
          </button>
          <button
            type="button"
            class="icon-button"
            disabled={next === undefined}
            onClick={() => go(next)}
            aria-label={text.next}
            title={`${text.next}  ]`}
          >
            <ChevronRight size={16} aria-hidden="true" />
          </button>
        </span>
      </nav>
      <div class="record-title">
        <h1 id="page-title">{title}</h1>
        <StateOf loaded={loaded} row={row} />
        {program === undefined || program.name === title ? null : <span class="muted">{program.name}</span>}
        <RecordActions loaded={loaded} row={row} answer={answer} refresh={refresh} />
      </div>
    </header>
  )
}

/** Back to the very list one came from, filters and all; a fresh tab has none and follows the link. */
const goBack = (event: MouseEvent): void => {
  if (event.ctrlKey || event.metaKey || history.length < 2 || !document.referrer.startsWith(location.origin)) return
  event.preventDefault()
  history.back()
}

const StateOf = ({ loaded, row }: { readonly loaded: LoadedSection; readonly row: ListRow }) => {
  const shell = useShell()
  const { section, texts } = loaded
  const found = Object.entries(section.fields).find(([, field]) => field.type === 'state')
  if (found === undefined) return null
  const [name, field] = found
  return <CellView field={field} cell={row.cells[name] ?? null} context={{ shell, texts, row, name }} />
}

/** Actions on the record itself: held rights, and the state they start from. Those on a part of it stand where it is shown. */
const RecordActions = ({ loaded, row, answer, refresh }: HeadProps) => {
  const { section, texts, page } = loaded
  const { me } = useShell()
  const [open, setOpen] = useState<string | undefined>()
  const states = Object.entries(section.fields).find(([, field]) => field.type === 'state')
  const state = states === undefined ? undefined : row.cells[states[0]]
  const actions = Object.entries(section.actions ?? {}).filter(
    ([, action]) =>
      !Object.values(action.input ?? {}).some((field) => field.type === 'ref') &&
      me.rights.includes(action.right) &&
      (action.from === undefined || (typeof state === 'string' && action.from.includes(state))),
  )
  useKeys(
    Object.fromEntries(
      actions.flatMap(([name, action]) => (action.key === undefined ? [] : [[action.key, () => setOpen(name)]])),
    ),
  )
  return (
    <span class="record-actions">
      {actions.map(([name]) => (
        <button key={name} type="button" class="button" onClick={() => setOpen(name)}>
          {texts.actions[name]?.label}
        </button>
      ))}
      {open === undefined ? null : (
        <ActionDialog
          loaded={loaded}
          action={open}
          record={row.id}
          subject={titleOf(section, row)}
          initial={page.actions?.[open]?.initial?.(answer) ?? {}}
          {...(row.version === undefined ? {} : { version: row.version })}
          onClose={() => setOpen(undefined)}
          onDone={refresh}
        />
      )}
    </span>
  )
}

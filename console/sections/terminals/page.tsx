import { CopyCode } from '../../kit/ui/copy-code.tsx'
import { Facts } from '../../kit/ui/facts.tsx'
import { formatNumber, formatRelative } from '../../kit/ui/format.ts'
import { words } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import type { CellProps, RecordAnswer, RecordProps, SectionPage } from '../../kit/ui/section-page.ts'
import { linkTo, useShell } from '../../kit/ui/shell-context.ts'
import { type Figure, Statement } from '../../kit/ui/statement.tsx'
import { Timeline } from '../../kit/ui/timeline.tsx'
import type { ListRow } from '../../kit/model/wire.ts'
import { LatestDocuments, Troubles } from './documents.tsx'
import { Keys, Periods } from './keys.tsx'
import type { TerminalRecord } from './record.ts'
import type { TerminalsTexts } from './words.ts'

const TerminalPage = ({ answer, loaded, id }: RecordProps) => {
  const { more, rows } = answer as RecordAnswer<TerminalRecord>
  const texts = loaded.texts as unknown as TerminalsTexts
  const shell = useShell()
  const [row] = rows
  if (row === undefined) return null
  const zone = more.place.zone ?? shell.zone
  return (
    <>
      <StateNote row={row} more={more} texts={texts} />
      <Statement figures={figuresOf(row, texts)} />
      <div class="columns">
        <div>
          <LatestDocuments documents={more.documents} texts={texts} zone={zone} till={id} />
          <Troubles troubles={more.troubles} texts={texts} zone={zone} />
          <Keys keys={more.keys} texts={texts} zone={zone} />
        </div>
        <div>
          <Panel title={words.value.record.facts}>
            <Facts loaded={loaded} row={row} />
          </Panel>
          {more.periods.length < 2 ? null : <Periods periods={more.periods} texts={texts} zone={zone} />}
          <Panel title={words.value.record.timeline}>
            <Timeline
              zone={zone}
              items={more.events.map(({ id: event, at, kind, actor, by, reason }) => ({
                id: event,
                at,
                text: texts.terminal.events[kind] ?? kind,
                actor: by === undefined ? actor : by === 'till' ? texts.terminal.byTill : texts.terminal.byEngine,
                reason,
              }))}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

/** Why nothing comes from this till: in whose words, depends on who stopped it. */
const StateNote = ({ row, more, texts }: { row: ListRow; more: TerminalRecord; texts: TerminalsTexts }) => {
  const { scope } = useShell()
  const text = texts.terminal
  const state = row.cells['state']
  if (state === 'revoked') return <p class="note">{text.revoked}</p>
  if (state !== 'quarantined') return null
  const { suspicion } = more
  const reason = (row.cells['stateReason'] ?? '') as string
  return (
    <p class="note warn">
      {text.quarantined}{' '}
      {suspicion === null ? (
        reason === '' ? null : (
          <q>{reason}</q>
        )
      ) : (
        <>
          {text.suspicions[suspicion.code] ?? suspicion.code}{' '}
          <a href={linkTo(`/sales/${suspicion.document}`, { scope })}>{text.suspect}</a>
        </>
      )}
    </p>
  )
}

const figuresOf = ({ cells }: ListRow, texts: TerminalsTexts): readonly Figure[] => {
  const text = texts.terminal
  const contact = cells['lastContactAt'] as string | null
  const oldest = cells['queueOldestAt'] as string | null
  const refused = cells['refusedAt'] as string | null
  const refusal = (cells['refusal'] ?? '') as string
  const figure = (name: 'queue' | 'parked', label: string, detail: string | undefined): Figure => ({
    name,
    label,
    value: cells[name] === null ? '–' : formatNumber(cells[name] as number),
    ...(detail === undefined || (cells[name] ?? 0) === 0 ? {} : { detail }),
  })
  return [
    {
      name: 'contact',
      label: texts.fields.lastContactAt.label,
      value: contact === null ? text.never : formatRelative(contact),
    },
    figure('queue', text.waiting, oldest === null ? undefined : text.oldest(formatRelative(oldest))),
    figure('parked', text.parked, text.parkedHint),
    ...(refused === null
      ? []
      : [
          {
            name: 'refused',
            label: text.refused,
            value: formatRelative(refused),
            detail: text.refusals[refusal] ?? <span class="code">{refusal}</span>,
          },
        ]),
  ]
}

/** Whole hours since the last contact; an hour without one is worth a look. */
const Silence = ({ row, texts }: CellProps) => {
  const hours = row.cells['silent'] as number | null
  if (hours === null || hours === 0) return <span class="faint">–</span>
  return <strong>{(texts as unknown as TerminalsTexts).terminal.hours(hours)}</strong>
}

const Code = ({ code, texts }: { readonly code: string; readonly texts: TerminalsTexts }) => (
  <>
    <p class="enrol-code">
      <span class="unseen">{texts.terminal.code} </span>
      <CopyCode code={code} />
    </p>
    <p>{texts.terminal.codeHint}</p>
  </>
)

const told = (result: unknown, texts: unknown) => {
  const [first] = (result as { readonly codes?: readonly { readonly code: string }[] }).codes ?? []
  return first === undefined ? null : <Code code={first.code} texts={texts as TerminalsTexts} />
}

/** The number after the last one that is known of any of its keys. */
const nextSequence = (answer: RecordAnswer): string =>
  String(Math.max(0, ...(answer as RecordAnswer<TerminalRecord>).more.keys.map(({ last }) => last ?? 0)) + 1)

export const page: SectionPage = {
  list: {
    cells: { silent: (props) => <Silence {...props} /> },
    widths: {
      // All of it stands on a screen of 1280 beside the menu.
      name: 'minmax(80px, 1fr)',
      outlet: 'minmax(96px, 1.4fr)',
      state: 'minmax(112px, 0.8fr)',
      lastContactAt: 'minmax(108px, 0.5fr)',
      silent: 'minmax(56px, 0.4fr)',
      queue: 'minmax(60px, 0.3fr)',
      parked: 'minmax(66px, 0.3fr)',
      queueOldestAt: 'minmax(108px, 0.5fr)',
      refusedAt: 'minmax(108px, 0.5fr)',
      software: 'minmax(84px, 0.9fr)',
      replacedBy: 'minmax(84px, 0.8fr)',
    },
    narrow: { lead: ['name', 'outlet', 'lastContactAt'], trail: ['state', 'queue'] },
  },
  record: TerminalPage,
  actions: {
    newCode: { told },
    replace: { told },
    revoke: { initial: (answer) => ({ fromSequence: nextSequence(answer) }) },
  },
}

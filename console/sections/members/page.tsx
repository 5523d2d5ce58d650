import { Facts } from '../../kit/ui/facts.tsx'
import { formatLastDay, formatRelative } from '../../kit/ui/format.ts'
import { words } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import type { CellProps, RecordAnswer, RecordProps, SectionPage } from '../../kit/ui/section-page.ts'
import { programInfo, useShell } from '../../kit/ui/shell-context.ts'
import { type Figure, Statement } from '../../kit/ui/statement.tsx'
import { Timeline } from '../../kit/ui/timeline.tsx'
import type { ListRow } from '../../kit/model/wire.ts'
import { Cards } from './cards.tsx'
import { Account } from './account.tsx'
import { LatestSales } from './latest-sales.tsx'
import type { MemberRecord } from './record.ts'
import type { MembersTexts } from './words.ts'

const MemberPage = ({ answer, loaded, id, refresh }: RecordProps) => {
  const { more, rows } = answer as RecordAnswer<MemberRecord>
  const texts = loaded.texts as unknown as MembersTexts
  const { me } = useShell()
  const [row] = rows
  const program = programInfo(me, row?.program)
  if (row === undefined || program === undefined) return null
  const { zone } = program
  const personal = me.rights.includes('personal')
  return (
    <>
      <Statement figures={figuresOf(row, more, { texts, zone })} />
      <div class="columns">
        <div>
          {more.accounts.length > 0 ? null : (
            <Panel title={texts.member.lots}>
              <p class="muted">{texts.member.noLots}</p>
            </Panel>
          )}
          {more.accounts.map((account) => (
            <Account
              key={account.id}
              account={account}
              texts={texts}
              zone={zone}
              program={program.id}
              several={more.accounts.length > 1}
            />
          ))}
        </div>
        <div>
          <Cards cards={more.cards} loaded={loaded} texts={texts} zone={zone} member={id} refresh={refresh} />
          <LatestSales sales={more.sales} texts={texts} member={id} program={program} />
          <Panel title={words.value.record.facts}>
            {personal ? null : <p class="muted">{texts.member.masked}</p>}
            <Facts loaded={loaded} row={row} />
          </Panel>
          <Panel title={words.value.record.timeline}>
            <Timeline
              zone={zone}
              items={more.events.map(({ id: event, at, kind, actor, reason, card }) => ({
                id: `${kind}${event}`,
                at,
                text: texts.member.events[kind]?.(card ?? '') ?? kind,
                actor,
                reason,
              }))}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

const figuresOf = (
  row: ListRow,
  more: MemberRecord,
  { texts, zone }: { readonly texts: MembersTexts; readonly zone: string },
): readonly Figure[] => {
  const [main] = more.accounts
  const scale = main?.scale ?? 0
  const points = (value: number) => <Points value={{ points: value, scale }} />
  const expiring = main?.lots.find((lot) => !lot.pending && lot.expiresAt !== null)
  const next = main?.lots.filter((lot) => !lot.pending && lot.expiresAt === expiring?.expiresAt) ?? []
  const last = row.cells['lastSaleAt'] as string | null
  return [
    { name: 'balance', label: texts.fields.balance.label, value: points(main?.spendable ?? 0) },
    { name: 'pending', label: texts.fields.pending.label, value: points(main?.pending ?? 0) },
    ...(main !== undefined && main.held > 0
      ? [{ name: 'held', label: texts.member.held, value: points(main.held) }]
      : []),
    ...(main !== undefined && main.debt > 0
      ? [{ name: 'debt', label: texts.member.debt, value: points(main.debt) }]
      : []),
    {
      name: 'expiry',
      label: texts.fields.nextExpiryPoints.label,
      value: points(next.reduce((sum, lot) => sum + lot.remaining, 0)),
      // Points that never expire are something else than no points.
      ...(typeof expiring?.expiresAt === 'string'
        ? { detail: formatLastDay(expiring.expiresAt, zone) }
        : (main?.spendable ?? 0) > 0
          ? { detail: texts.member.never }
          : {}),
    },
    {
      name: 'visits',
      label: texts.fields.visits.label,
      value: row.cells['visits'] as number,
      detail: last === null ? words.value.time.never : formatRelative(last),
    },
  ]
}

/** Last digits of the newest cards: whole numbers are nowhere in the console. */
const CardDigits = ({ row }: CellProps) => {
  const cards = row.cells['cards'] as string | null
  if (cards === null) return <span class="faint">–</span>
  const all = cards.split(',')
  return (
    <span class="code">
      ···{all[0]}
      {all.length > 1 ? <span class="unit">+{all.length - 1}</span> : null}
    </span>
  )
}

const ExpiryDay = ({ row, shell }: CellProps) => {
  const at = row.cells['nextExpiryAt'] as string | null
  if (at === null) return <span class="faint">–</span>
  return <>{formatLastDay(at, programInfo(shell.me, row.program)?.zone ?? shell.zone)}</>
}

export const page: SectionPage = {
  list: {
    cells: { cards: (props) => <CardDigits {...props} />, nextExpiryAt: (props) => <ExpiryDay {...props} /> },
    widths: { name: 'minmax(130px, 1.3fr)', cards: 'minmax(92px, 0.6fr)', visits: 'minmax(60px, 0.4fr)' },
    narrow: { lead: ['name', 'tier', 'lastSaleAt'], trail: ['balance', 'cards'] },
  },
  record: MemberPage,
}
